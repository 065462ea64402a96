"""Kernels that die, hang, or take too much."""

import nbformat

from hostile.case import PARTIAL, TIMEOUT, code, edited, simple

simple("exit_status", code(mean="import os; os._exit(0)"), PARTIAL, "exit status 0", test_mean=0)
simple(
    "killed_itself",
    code(mean="import os; os.kill(os.getpid(), 9)"),
    PARTIAL,
    "SIGKILL",
    test_mean=0,
)
simple(
    "segmentation_fault",
    code(mean="import ctypes; ctypes.string_at(0)"),
    PARTIAL,
    "SIGSEGV",
    test_mean=0,
)
simple("died_in_answer", code(mean="# die\nimport os; os.abort()"), PARTIAL, "SIGABRT", test_mean=0)
simple("quit_cell", code(mean="# quit\nquit()"), PARTIAL, "told the kernel to quit", test_mean=0)
# the test of add fails; what the call has asked for ends no other cell
simple("quits_in_a_call", code(add="get_ipython().ask_exit()"), clean=True, test_add=0, test_part=0)
simple("system_exit", code(mean="raise SystemExit(0)"), clean=True, test_mean=0)
simple(
    "dies_always",
    code(
        add="# d\nimport os; os._exit(1)",
        mean="# d\nimport os; os._exit(1)",
        twice="# d\nimport os; os._exit(1)",
    ),
    PARTIAL,
    "died 3 times",
    test_add=0,
    test_mean=0,
    test_part=0,
    test_close=0,  # half, which needs none of these, is judged in a second run
)
late = f"no result after {TIMEOUT} s"
simple("endless", code(mean="while True: pass"), PARTIAL, late, test_mean=0)
simple(
    "endless_and_stubborn",
    code(
        mean="""
    while True:
        try:
            import time; time.sleep(0.1)
        except BaseException: pass"""
    ),
    PARTIAL,
    "did not stop when interrupted",
    test_mean=0,
)
simple(
    "endless_in_c",
    code(
        mean="""import ctypes
    lock, libc = ctypes.create_string_buffer(64), ctypes.CDLL(None)
    libc.pthread_mutex_lock(lock); libc.pthread_mutex_lock(lock)"""
    ),
    PARTIAL,
    "did not stop when interrupted",
    test_mean=0,
)
simple(
    "sleeps_too_long",
    edited(
        lambda nb: nb.cells.extend(
            nbformat.v4.new_code_cell("import time; time.sleep(9)") for _ in range(8)
        )
    ),
    PARTIAL,
    "time limit for the submission",
)
simple(
    "memory",
    code(mean="y = bytearray(2 * 10 ** 9); return 2"),
    PARTIAL,
    "memory limit",
    test_mean=0,
)
simple(
    "memory_touched",
    code(mean="import time; y = b'x' * 900_000_000; time.sleep(3); return sum(x) / len(x)"),
    PARTIAL,
    "memory limit",
    test_mean=0,
)
simple(
    "memory_of_many",
    code(
        mean="""import os, time
    for i in range(6):
        if os.fork() == 0:
            y = bytearray(os.urandom(1000)) * 150_000; time.sleep(30)
    time.sleep(30)"""
    ),
    PARTIAL,
    "memory limit",
    test_mean=0,
)
simple(
    "fork_bomb",
    code(
        mean="""import os, time
    for i in range(10_000):
        if os.fork() == 0: time.sleep(60)
    return 2"""
    ),
    PARTIAL,
    "limit on processes",
    test_mean=0,
)
simple(
    "fork_bomb_exponential",
    code(mean="import os\n    while True: os.fork()"),
    PARTIAL,
    "limit on processes",
    test_mean=0,
)
simple(
    "large_file",
    code(mean="open('x', 'wb').write(bytes(10 ** 7)); return sum(x) / len(x)"),
    PARTIAL,
    "size of a file",
    test_mean=0,
)
simple(
    "many_files",
    code(
        mean="""import time
    for i in range(100): open(f'f{i}', 'wb').write(bytes(10 ** 6))
    time.sleep(2); return sum(x) / len(x)"""
    ),
    PARTIAL,
    "files written",
    test_mean=0,
)
simple(
    "a_full_disk_and_nothing_said",  # at once, so that only the end of the cell can tell
    code(
        mean="""try:
        for name in ('x', '/tmp/x'):
            for i in range(100): open(f'{name}{i}', 'wb').write(bytes(10 ** 6))
    except OSError:
        open('/tmp/y', 'wb').write(bytes(10 ** 6))
    return sum(x) / len(x)"""
    ),
    PARTIAL,
    "files written",
    test_mean=0,
)
simple(
    "many_lines",
    code(mean="for i in range(10 ** 8): print('x' * 100)"),
    PARTIAL,
    "output limit",
    test_mean=0,
)
simple(
    "one_huge_line",
    code(mean="print('x' * 10 ** 7); return 7"),
    PARTIAL,
    "output limit",
    test_mean=0,
)
simple("huge_value", code(half="return 'x' * 10 ** 7"), PARTIAL, "output limit", test_value=0)
simple(
    "huge_raw_output",
    code(mean="import os\n    for i in range(100): os.write(1, b'x' * 10 ** 6)"),
    clean=True,  # it is not kept
    test_mean=0,
)
simple(
    "huge_message",
    code(mean="from IPython.display import HTML, display; display(HTML('x' * 10 ** 8)); return 7"),
    PARTIAL,
    "output limit",
    test_mean=0,
)
simple(
    "huge_error", code(mean="raise ValueError('x' * 10 ** 7)"), PARTIAL, "output limit", test_mean=0
)

HALF = "'\\ud800'"  # half a character: Python's text may hold it, UTF-8 may not
simple(
    "half_a_character_shown",
    code(
        add="# shown\nfrom IPython.display import display\nfor kind in ('text/html', 'a/b', 'text/plain'):\n"
        f"    display({{kind: {HALF}}}, raw=True)\nprint({HALF})\nimport sys\n"
        f"sys.stderr.write({HALF})\ndef add(a, b):\n    print({HALF})\n    return a + b\n{HALF}"
    ),
)
simple(
    "half_a_character_in_an_error",
    code(add=f"# raised\nclass E(Exception): pass\nE.__name__ = {HALF}\nraise E({HALF})"),
    test_add=0,
    test_part=0,
)
