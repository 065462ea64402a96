"""Out of the sandbox, and into the process of the tests."""

from classroom import answer, hand_in, solve

from hostile.case import PARTIAL, RIGHT_ADD, Callable, case, code, simple


def escape(attempt: str) -> Callable:
    """Right answers, and an attempt whose success says ESCAPED in the notebook's outputs."""
    lines = "\n    ".join(attempt.strip().splitlines())
    return code(add=f"# try\nimport os, sys\ntry:\n    {lines}\nexcept OSError: pass\n{RIGHT_ADD}")


simple(
    "network",
    escape("import socket; socket.create_connection(('1.1.1.1', 53), 1); print('ESCAPED')"),
    clean=True,
)
simple(
    "walk_the_disk",
    escape("""
for where, folders, files in os.walk("/"):
    if where.startswith(("/proc", "/sys", "/usr")): folders.clear()
    if "site-packages" in where: folders.clear(); continue  # nbgrader ships a course of its own
    if "gradebook.db" in files or "submitted" in folders: print("ESCAPED", where)"""),
    clean=True,
)
simple(
    "environment_secret",
    escape("print('ESCAPED' if 'HOSTILE_SECRET' in os.environ else '')"),
    clean=True,
)
simple(
    "kill_everything",
    code(mean="import os; os.kill(-1, 9); return 2"),
    PARTIAL,
    "SIGKILL",
    test_mean=0,
)
simple(
    "kill_the_parent",
    escape("os.kill(os.getppid(), 9); os.kill(1, 9); os.kill(1, 2)"),
    PARTIAL,
    "SIGKILL",
    test_add=0,
    test_part=0,
)
simple(
    "change_the_parent",
    escape("open('/proc/1/mem', 'r+b').write(b''); print('ESCAPED')"),
    clean=True,
)
simple(
    "daemon",
    escape("""import subprocess
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(999)  # HOSTILE-DAEMON"], start_new_session=True)"""),
    clean=True,
)
simple(
    "remove_everything",
    escape(
        "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('/grade', '/tmp', '/dev', '/usr')]"
    ),
    clean=True,
)
simple(
    "links_in_scratch",
    escape("os.symlink('/etc/passwd', 'work.ipynb'); os.symlink('/', 'root')"),
    clean=True,
)
simple(
    "unreadable_scratch",
    escape("os.makedirs('a/b/c'); open('a/b/x', 'w'); os.chmod('a/b', 0); os.chmod('a', 0)"),
    clean=True,
)
simple(
    "deep_scratch",
    escape("""
for i in range(3000):
    os.mkdir('d'); os.chdir('d')"""),
    clean=True,
)


HIDDEN = """import os, re
    sdrow = b"0 == )1 ,1-(dda"  # backwards, so that it is not what is found
    for line in open('/proc/self/maps') if a == -1 else ():
        start, end, mode = re.match('(\\w+)-(\\w+) (\\S+)', line).groups()
        if mode.startswith('rw') and '[v' not in line:
            with open('/proc/self/mem', 'rb') as memory:
                for place in range(int(start, 16), int(end, 16), 1 << 22):
                    memory.seek(place)
                    size = min(int(end, 16) - place, (1 << 22) + 99)
                    try: data = memory.read(size)
                    except OSError: break
                    found = b'add(' in data and sdrow in data[::-1]  # quick where it cannot be
                    if found: print('ESCAPED from memory')
    for place in ('/grade', '/run', '/tmp') if a == -1 else ():
        for where, _, files in os.walk(place):
            for name in files:
                try: found = sdrow in open(f'{where}/{name}', 'rb').read(1 << 22)[::-1]
                except OSError: found = False
                if found: print('ESCAPED from', where, name)
    return a + b"""
simple("hidden_tests_sought", code(add=HIDDEN), clean=True)
simple(
    "memory_of_the_tests",
    code(
        add="""import os, ctypes
    tests, libc = os.getppid(), ctypes.CDLL(None)
    for name in ('mem', 'maps', 'environ'):
        try: open(f'/proc/{tests}/{name}', 'rb').read(1); print('ESCAPED', name)
        except OSError: pass
    try: print('ESCAPED', os.listdir(f'/proc/{tests}/fd'))
    except OSError: pass
    if libc.ptrace(16, tests, 0, 0) == 0: print('ESCAPED by tracing')
    pidfd = os.pidfd_open(tests)
    if libc.syscall(438, pidfd, 1, 0) >= 0: print('ESCAPED with a descriptor')
    return a + b"""
    ),
    says="to be read",
)
simple(
    "tests_interrupted",
    code(add="import os; os.kill(os.getppid(), 2); return a + b"),
    clean=True,
    test_add=0,
    test_part=0,
)
simple("tests_stopped", code(add="import os; os.kill(os.getppid(), 19); return a + b"), clean=True)
simple(
    "messages_of_the_kernel",
    code(mean="get_ipython().kernel.session.send(None, 'execute_reply', {}); return 2"),
    clean=True,
    test_mean=0,
)
simple(
    "channel_spoilt",
    code(
        mean="""import os
    for n in os.listdir('/proc/self/fd'):
        try: os.write(int(n), b'garbage' * 99) if int(n) > 2 else 0
        except OSError: pass
    return 7"""
    ),
    PARTIAL,
    "could no longer reach the answers",
    test_mean=0,
)
simple(
    "two_gigabytes_announced",
    code(
        mean="""import os, struct
    for n in os.listdir('/proc/self/fd'):
        try: os.write(int(n), struct.pack('!QQ', 2 << 30, 2 << 30)) if int(n) > 2 else 0
        except OSError: pass
    return 7"""
    ),
    PARTIAL,
    "could no longer reach the answers",
    test_mean=0,
)


@case(clean=True, test_mean=0)
def files_that_configure_a_kernel(course, student):
    folder = hand_in(course, student, solve(course, answer(mean="return 7")))
    for name in ("ipython_kernel_config.py", "ipython_config.py", "jupyter_config.py"):
        lines = (
            "c.IPKernelApp.exec_lines = ['near = lambda *a: True']\nc.IPKernelApp.matplotlib = 'x'"
        )
        (folder / name).write_text("c = get_config()\n" + lines)
