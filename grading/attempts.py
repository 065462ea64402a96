"""Programs that try what the sandbox must prevent. ``doctor`` runs each of them in it."""

# Each attempt runs in the sandbox and sets ``result``: None where it was prevented, or what it got.
ATTEMPTS = {
    "reach a server on the internet": """
s = socket.socket(); s.settimeout(2); s.connect(("1.1.1.1", 53)); result = "connected"
""",
    "reach a server on this machine": """
s = socket.socket(); s.settimeout(2); s.connect(("127.0.0.1", given["port"])); result = "connected"
""",
    "reach an abstract socket of this machine": """
s = socket.socket(socket.AF_UNIX); s.connect("\\0" + given["abstract"]); result = "connected"
""",
    "read the gradebook, sources and other submissions": """
result = [path for path in given["hidden"] if os.path.exists(path)] or None
""",
    "read a file in the home folder": """
result = [path for path in given["home"] if os.path.exists(path)] or None
""",
    "read another file of this machine's /tmp": """
result = open(given["outside"]).read()
""",
    "find a secret in the environment": """
seen = [os.environ.get(given["variable"])]
for name in os.listdir("/proc"):
    try: seen.append(open(f"/proc/{name}/environ").read())
    except OSError: pass
result = "found" if any(given["secret"] in (text or "") for text in seen) else None
""",
    "see a process of this machine": """
result = given["pid"] if os.path.exists(f"/proc/{given['pid']}/cmdline") and given["pid"] > 60 and (
    "grading" in open(f"/proc/{given['pid']}/cmdline").read()) else None
""",
    "write outside its scratch folders": """
result = []
for folder in ["/", "/usr", "/etc", "/run", "/dev", "/sys", "/proc", sys.prefix, *given["parents"]]:
    try:
        open(os.path.join(folder, "grading-doctor"), "w").close(); result.append(folder)
    except OSError: pass
result = result or None
""",
    "hold a capability": """
lines = dict(line.split(":", 1) for line in open("/proc/self/status") if line.startswith("Cap"))
result = {k: v.strip() for k, v in lines.items() if int(v, 16)} or None
""",
    "be root": """
result = "root" if 0 in os.getresuid() + os.getresgid() else None
""",
    "gain privileges through a set-user-ID program": """
result = None if "NoNewPrivs:\\t1" in open("/proc/self/status").read() else "allowed"
""",
    "make the system writable by remounting it": """
code = libc.mount(None, b"/usr", None, 32 | 4096, None)
result = None if code else "remounted"
""",
    "make namespaces of its own": """
result = None if libc.unshare(0x10000000) else "made"
""",
    "change the process that forks the kernels": """
result = []
try: open("/proc/1/mem", "r+b"); result.append("opened its memory")
except OSError: pass
if libc.ptrace(16, 1, 0, 0) == 0: result.append("traced it")
for number in (9, 15, 2, 19): os.kill(1, number)
import resource
for what, call, *words in [
    ("took files from it", resource.prlimit, 1, resource.RLIMIT_NOFILE, (5, 5)),
    ("slowed it", os.setpriority, os.PRIO_PROCESS, 1, 19),
    ("slowed all of its user", os.setpriority, os.PRIO_USER, 0, 19),
    ("left it the idle time", os.sched_setscheduler, 1, os.SCHED_IDLE, os.sched_param(0)),
    ("left it one processor", os.sched_setaffinity, 1, {min(os.sched_getaffinity(0))}),
]:
    try: call(*words); result.append(what)
    except OSError: pass
result = result or None
""",
    "read or change the process of the tests": """
result, tests = [], os.getppid()
for name in ("mem", "environ", "maps"):
    try: open(f"/proc/{tests}/{name}", "rb").read(1); result.append(name)
    except OSError: pass
try: result += os.listdir(f"/proc/{tests}/fd")
except OSError: pass
if libc.ptrace(16, tests, 0, 0) == 0: result.append("traced it")
result = result if tests != 1 and result else None
""",
    "take more memory than its limit": """
try: kept = bytearray(given["memory"]); result = "took it"
except MemoryError: pass
""",
    "write a file larger than its limit": """
with open("/grade/large", "wb") as file: file.write(bytes(given["file"]))
result = "wrote it"
""",
}
PRELUDE = """
import ctypes, json, os, socket, sys
libc, result, given = ctypes.CDLL(None, use_errno=True), None, json.loads({given!r})
try:
{body}
except (OSError, MemoryError): pass
print("RESULT" + json.dumps(result))
"""
DAEMON = """
import os, subprocess, sys, tempfile
for i in range(3):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)  # " + {word!r}],
                     start_new_session=True)
for place in ("/grade", tempfile.gettempdir(), "/dev/shm"): open(place + "/left", "w").write("left")
print("RESULT" + json.dumps(None)) if "json" in globals() else print("RESULTnull")
"""
AFTER = """
import json, os, tempfile
places = ("/grade", tempfile.gettempdir(), "/dev/shm")
print("RESULT" + json.dumps([p for p in places if os.path.exists(p + "/left")] or None))
"""
FORKS = """
import os, signal, time
for i in range(10_000):
    try: pid = os.fork()
    except OSError: break
    if pid == 0: time.sleep(60); os._exit(0)
time.sleep(2)
print("RESULT" + str(i))
"""

# Each holds more and more and prints how many MB; what it was at when it was ended is what it held.
HOLD = """
import mmap, os, socket, sys, tempfile
kept, places = [], ("/grade", tempfile.gettempdir(), "/dev/shm")
MB = bytes(1 << 20)
def held(mb): sys.__stdout__.flush(); print("HELD", mb, flush=True)
def fill(path, mb=1):
    file = open(path, "wb", buffering=0); kept.append(file)
    for _ in range(mb): file.write(MB)
    return file
{body}
"""
HOLDERS = {
    "memory of one process": """
for i in range(4096): kept.append(bytearray(os.urandom(1 << 10) * 1024)); held(i + 1)""",
    "memory of ten processes": """
read, write = os.pipe()
for i in range(10):
    if os.fork() == 0:
        while True: kept.append(bytearray(os.urandom(1 << 10) * 1024)); os.write(write, b"x")
os.close(write)
total = 0
while not os.waitpid(-1, os.WNOHANG)[0]: total += len(os.read(read, 64)); held(total)""",
    "shared memory without a file": """
for i in range(4096): m = mmap.mmap(-1, 1 << 20); m.write(MB); kept.append(m); held(i + 1)""",
    "files in memory without a name (memfd)": """
for i in range(4096):
    file = os.memfd_create("x"); kept.append(file); os.write(file, MB); held(i + 1)""",
    "buffers of sockets": """
for i in range(400):
    pair = socket.socketpair(); kept.append(pair)
    for end in pair:
        end.setblocking(False)
        try:
            while True: end.send(bytes(1 << 16))
        except OSError: pass
    held((i + 1) * 400 // 1024)""",
    "plain files": """
for i in range(4096): fill(f"{places[i % 3]}/f{i}"); kept.pop().close(); held(i + 1)""",
    "open files that were removed": """
for i in range(900):
    path = f"{places[i % 3]}/f{i}"; fill(path); os.unlink(path); held(i + 1)""",
    "files in folders that cannot be read": """
for i in range(4096):
    where = f"{places[i % 3]}/d{i}"; os.mkdir(where); fill(where + "/f"); kept.pop().close()
    os.chmod(where, 0); held(i + 1)""",
    "files beyond the longest path": """
for where in places:
    os.chdir(where)
    for _ in range(40): os.mkdir("d" * 200); os.chdir("d" * 200)
    for i in range(1400): fill(f"f{i}"); kept.pop().close(); held((places.index(where)) * 1400 + i + 1)""",
}
