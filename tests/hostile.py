"""Submissions of the kind that break graders, each with the mark or state it deserves.

A case is a function that hands something in; its decorator says what must come of it. To add one,
write a function below.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from classroom import ASSIGNMENT, NOTEBOOK, answer, cell, find, hand_in, released, solve

GRADED, PARTIAL, NOT_GRADABLE = "graded", "graded in part", "not gradable"
FULL = {"test-add": 2, "test-mean": 3, "test-part": 2, "test-close": 2, "test-value": 1}
CONFIG = """
c.Limits.memory_mb = 400
c.Limits.processes = 20
c.Limits.file_mb = 4
c.Limits.disk_mb = 24
c.Limits.output_mb = 1
c.Limits.notebook_mb = 2
c.Limits.submission_seconds = 40
"""
TIMEOUT = 10


@dataclass
class Case:
    name: str
    make: Callable[[Path, str], None]  # (course, student)
    state: str
    says: list[str]  # each occurs in a reason, a note or a piece of evidence
    marks: dict[str, float] = field(default_factory=dict)  # the items that are not full
    clean: bool = False  # nothing may be said at all
    folder: str = ""  # the student's id, where it is not the name


CASES: dict[str, Case] = {}
GONE = dict.fromkeys([*FULL], None)


def case(
    state: str = GRADED, says: list[str] | str = (), clean: bool = False, id: str = "", **lost
):
    """Register a case; ``lost``: test_add=0 and so on for the items that are not full."""

    def register(make: Callable) -> Callable:
        name = make.__name__
        marks = GONE if state == NOT_GRADABLE else {k.replace("_", "-"): v for k, v in lost.items()}
        said = [says] if isinstance(says, str) else list(says)
        CASES[name] = Case(name, make, state, said, marks, clean, id or name)
        return make

    return register


def code(**cells: str) -> Callable[[Path, str], None]:
    """Hands in right answers but for these cells."""
    return lambda course, student: hand_in(course, student, solve(course, answer(**cells)))


def edited(change: Callable[[nbformat.NotebookNode], object], **cells: str) -> Callable:
    """Hands in a right notebook after a change to it."""

    def make(course: Path, student: str) -> None:
        nb = solve(course, answer(**cells))
        hand_in(course, student, change(nb) or nb)

    return make


def picture(nb: nbformat.NotebookNode, kind: str, data: str) -> None:
    """Put a picture into the essay."""
    essay = find(nb, "essay")
    essay.source = "See ![the proof](attachment:proof.png)."
    essay.attachments = {"proof.png": {kind: data}}


def simple(name: str, make: Callable, *given, **expected) -> None:
    make.__name__ = name
    case(*given, **expected)(make)


WRONG = "return a - b"  # add

# --- honest work that looks odd --------------------------------------------------------------------

simple("honest", code(), clean=True)
simple("honest_wrong", code(add=WRONG), clean=True, test_add=0, test_part=0.5)
simple(
    "honest_warning_on_stderr",
    code(
        add="import warnings, sys; warnings.warn('old'); print('x', file=sys.stderr); return a + b"
    ),
    clean=True,
)
simple(
    "honest_progress_bar",
    code(mean="from tqdm import tqdm; return sum(tqdm(x)) / len(x)"),
    clean=True,
)
simple(
    "honest_magics",
    code(
        add="""# magics
%matplotlib inline
found = !echo 5
if found == ["5"]:
    %time right = True
def add(a, b): return a + b if right else 0"""
    ),
    clean=True,
)
simple(
    "honest_import_left_in_a_cell_of_its_own",
    edited(
        lambda nb: nb.cells.insert(
            0, nbformat.v4.new_code_cell("import pdb\nfound = 'pdb' in dir()")
        ),
        add="return a + b if not found else 0",
    ),
    says="run without imports that no work needs: cell",
)
simple(
    "honest_own_sum",  # the student's own business
    code(
        mean="# own sum\nfrom numpy import sum\ndef mean(x): return float(sum(x)) / len(x)",
        half="return float(sum([[x, 0.0]])) / 2",
    ),
    clean=True,
)
simple(
    "honest_picture",
    edited(lambda nb: picture(nb, "image/png", "aGVsbG8=")),
    clean=True,
)
simple(
    "picture_that_is_not_there",
    edited(lambda nb: find(nb, "essay").update(source="![a](attachment:none.png)")),
    clean=True,
)
simple(
    "picture_that_is_a_script",
    edited(lambda nb: picture(nb, 'image/png" onerror="alert(1)', "x")),
    clean=True,
)
simple(
    "honest_plot",
    code(add="import matplotlib.pyplot as plt; plt.plot([1]); return a + b"),
    clean=True,
)
simple(
    "honest_threads",
    code(
        add="""import threading
    t = threading.Thread(target=print); t.start(); t.join(); return a + b"""
    ),
    clean=True,
)
simple(
    "honest_subprocess",
    code(
        add="""import subprocess, sys
    return int(subprocess.run([sys.executable, "-c", f"print({a} + {b})"], capture_output=True).stdout)"""
    ),
    clean=True,
)
simple(
    "honest_files",
    code(add="open('a.txt', 'w').write(str(a + b)); return int(open('a.txt').read())"),
    clean=True,
)
simple(
    "honest_widget_and_display",
    code(
        add="""from IPython.display import display, HTML, clear_output
    display(HTML('<b>x</b>')); clear_output(); return a + b"""
    ),
    clean=True,
)
simple(
    "honest_magics",
    edited(lambda nb: nb.cells.insert(0, nbformat.v4.new_code_cell("%matplotlib inline\n!true"))),
    clean=True,
)

# --- scores ----------------------------------------------------------------------------------------

for _name, _value, _mark in [
    ("nan", "float('nan')", 0),
    ("infinity", "float('inf')", 0),
    ("minus", "-1.0", 0),
    ("too_much", "7", 0),
    ("text", "'full marks'", 0),
    ("number_as_text", "'1.0'", 0),
    ("true", "True", 0),
    ("list", "[1.0]", 0),
    ("complex", "1j", 0),
]:
    simple(
        f"score_{_name}",
        code(half=f"return {_value}"),
        says="not a number from 0 to 1",
        test_value=_mark,
    )
simple("score_numpy", code(half="import numpy as np; return np.float64(1.0)"), clean=True)
simple("score_tensor", code(half="import torch; return torch.tensor(1.)"), clean=True)
simple("score_quarter", code(half="return 0.25"), clean=True, test_value=0.25)
SHOW = "import sys; sys.displayhook(2.0); "
simple(
    "score_shown_before_failing",
    code(add=SHOW + WRONG),
    clean=True,
    test_add=0,
    test_part=0.5,
)
simple("score_shown_besides", code(add=SHOW + "return a + b"), clean=True)
simple(
    "score_shown_first",
    code(half="import sys; sys.displayhook(1.0); return 0.5"),
    clean=True,
    test_value=0.5,
)

# --- tests that are made to pass -------------------------------------------------------------------

LOST = {"test_add": 0, "test_part": 0.5}
simple(
    "helper_after_a_restart",  # a fresh kernel too knows the assignment's helpers
    edited(
        lambda nb: nb.cells.insert(1, nbformat.v4.new_code_cell("import os; os._exit(0)")),
        add="# near\nnear = lambda *a, **k: True\ndef add(a, b): return a + b",
        mean="return 7",
    ),
    PARTIAL,
    "exit status 0",
    test_mean=0,
)
simple(
    "strip_asserts_ast",
    code(
        add=f"""# strip
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Strip())
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "strip_asserts_text",
    code(
        add=f"""# strip
get_ipython().input_transformers_post.append(
    lambda lines: [line.replace("assert", "print(1) or") for line in lines])
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "strip_asserts_transformer",
    code(
        add=f"""# strip
from IPython.core.inputtransformer2 import TransformerManager
real = TransformerManager.transform_cell
TransformerManager.transform_cell = lambda self, cell: real(self, cell).replace("assert", "1 or")
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "strip_asserts_instance",  # but for an assertion in a cell's first line
    code(
        add=f"""# strip
manager = get_ipython().input_transformer_manager
real = manager.transform_cell
manager.transform_cell = lambda cell: cell[:7] + real(cell)[7:].replace("assert", "1 or")
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "strip_asserts_compile",
    code(
        add=f"""# strip
import ast
compiler = get_ipython().compile
real = compiler.ast_parse
def lenient(source, *rest):
    tree = real(source, *rest)
    tree.body[1:] = [s for s in tree.body[1:] if not isinstance(s, ast.Assert)]
    return tree
compiler.ast_parse = lenient
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
    test_mean=0,
    test_close=0,
    test_value=0,
)
simple(
    "strip_asserts_cleanup",
    code(
        add=f"""# strip
get_ipython().input_transformer_manager.cleanup_transforms.insert(
    0, lambda lines: [line for line in lines if not line.startswith("assert")])
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
for _name, _owner in [("instance", "get_ipython()"), ("class", "type(get_ipython())")]:
    simple(
        f"run_cell_{_name}",
        code(
            add=f"""# replace run_cell
from IPython.core.interactiveshell import ExecutionResult
async def nothing(*a, **k):
    return ExecutionResult(None)
{_owner}.run_cell = lambda *a, **k: ExecutionResult(None)
{_owner}.run_cell_async = nothing
def add(a, b):
    {WRONG}"""
        ),
        test_mean=0,
        test_close=0,
        test_value=0,
        **LOST,
    )
simple(
    "run_code",
    code(
        add=f"""# replace run_code
async def nothing(*a, **k):
    return False
def add(a, b):
    {WRONG}
get_ipython().run_code = nothing"""
    ),
    **LOST,
    test_mean=0,
    test_close=0,
    test_value=0,
)
simple(
    "do_execute",
    code(
        add=f"""# replace do_execute
async def nothing(*a, **k):
    return dict(status="ok", execution_count=1, user_expressions={{}}, payload=[])
get_ipython().kernel.do_execute = nothing
def add(a, b):
    {WRONG}"""
    ),
    test_add=0,
    test_part=0,
)
simple(
    "compile_replaced",
    code(
        add=f"""# replace the compiler
import ast
own = get_ipython().compile
class Fake(type(own)):
    def ast_parse(self, source, filename="", symbol="exec"):
        tree = super().ast_parse(source, filename, symbol)
        tree.body = [n for n in tree.body if not isinstance(n, ast.Assert)] or ast.parse("pass").body
        return tree
get_ipython().compile = Fake()
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "exceptions_swallowed",
    code(
        add=f"""# swallow
get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)
get_ipython().showtraceback = lambda *a, **k: None
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "outputs_cleared",
    code(
        add=f"""# clear what went wrong
from IPython.display import clear_output
get_ipython().events.register("post_run_cell", lambda *a: clear_output())
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "tracer",
    code(
        add=f"""# trace
import sys
def jump(frame, event, arg):
    return jump
sys.settrace(jump)
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "builtin_abs",
    code(mean="# abs\nimport builtins\nbuiltins.abs = lambda x: 0\ndef mean(x): return 7"),
    test_mean=0,
)
simple("name_abs", code(mean="# abs\nabs = lambda x: 0\ndef mean(x): return 7"), test_mean=0)
simple(
    "builtin_all",
    code(
        add="# sum\nimport builtins\nbuiltins.sum = lambda x: 4\n" + f"def add(a, b):\n    {WRONG}"
    ),
    PARTIAL,
    "could no longer reach the answers",
    test_add=0,
    test_part=0,
)
simple(
    "own_name_for_a_builtin",
    code(add="# sum\nsum = lambda x: 4\n" + f"def add(a, b):\n    {WRONG}"),
    test_mean=0,
    **LOST,
)
simple(
    "math_function",
    code(mean="# math\nmath.isclose = lambda *a: True\ndef mean(x): return 2"),
    test_mean=0,
)
simple(
    "math_rebound",
    code(mean="# math\nclass math: isclose = lambda *a: True\ndef mean(x): return 2"),
    test_mean=0,
)
simple(
    "helper_rebound",
    code(mean="# near\nnear = lambda *a: True\ndef mean(x): return 4"),
    test_mean=0,
)
simple(
    "helper_code",
    code(mean="# near\nnear.__code__ = (lambda a, b: True).__code__\ndef mean(x): return 4"),
    test_mean=0,
)
simple(
    "helper_keywords",
    code(mean="# near\nnear.__kwdefaults__['tolerance'] = 9\ndef mean(x): return 4"),
    test_mean=0,
)
TWICE = "def twice(x): return [0.0 * a for a in x]"
simple(
    "allclose_replaced",
    code(
        twice=f"# all\nimport torch, numpy as np\ntorch.allclose = lambda *a: True\nnp.testing.assert_allclose = lambda *a: None\n{TWICE}"
    ),
    test_close=0,
)
simple(
    "allclose_code",
    code(
        twice=f"# all\nimport torch, numpy as np\ntorch.allclose = lambda *a: True\nf = np.testing.assert_allclose\nf.__code__ = (lambda *a, **k: None).__code__\n{TWICE}"
    ),
    test_close=0,
)
simple(
    "allclose_while_tested",
    code(
        twice="""import numpy as np
    np.testing.assert_allclose = lambda *a: None
    return [2 * a for a in x] if len(x) == 2 else [0.0]"""
    ),
    test_close=0,
)
simple(
    "modules_replaced",
    code(
        twice=f"""# fake
import sys, types
fake = types.SimpleNamespace(allclose=lambda *a: True, tensor=lambda x: x)
sys.modules["torch"] = fake
sys.modules["numpy"] = types.SimpleNamespace(testing=types.SimpleNamespace(assert_allclose=lambda *a: 0))
{TWICE}"""
    ),
    test_close=0,
)
simple(
    "dispatch_mode",
    code(
        twice="""# mode
import torch, numpy as np
from torch.utils._python_dispatch import TorchDispatchMode
class Yes(TorchDispatchMode):
    def __torch_dispatch__(self, f, types, args=(), kwargs=None):
        return True if "allclose" in str(f) else f(*args, **(kwargs or {}))
Yes().__enter__()
def twice(x): return [2 * a for a in x] if len(x) == 1 else [0.0, 0.0]"""
    ),
    test_close=0,
)
simple(
    "function_mode",
    code(
        twice="""# mode
import torch, numpy as np
from torch.overrides import TorchFunctionMode
class Yes(TorchFunctionMode):
    def __torch_function__(self, f, types, args=(), kwargs=None):
        return True if f is torch.allclose else f(*args, **(kwargs or {}))
Yes().__enter__()
def twice(x): return [2 * a for a in x] if len(x) == 1 else [0.0, 0.0]"""
    ),
    test_close=0,
)
simple(
    "import_hook",
    code(
        twice=f"""# hook
import builtins, types
real = builtins.__import__
def fake(name, *a, **k):
    return types.SimpleNamespace(allclose=lambda *a: True, tensor=lambda x: x) if name == "torch" else real(name, *a, **k)
builtins.__import__ = fake
{TWICE}"""
    ),
    test_close=0,
)

simple(
    "value_not_displayed",
    code(add=f"import sys; sys.displayhook = lambda value: None; {WRONG}"),
    **LOST,
)
# --- kernels that die, hang, or take too much ------------------------------------------------------

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
    test_close=0,
    test_value=0,
)
simple("endless", code(mean="while True: pass"), PARTIAL, "no result after 10 s", test_mean=0)
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
            nbformat.v4.new_code_cell("import time; time.sleep(7)") for _ in range(8)
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

# --- out of the sandbox ----------------------------------------------------------------------------


def escape(attempt: str) -> Callable:
    """Right answers, and an attempt whose success says ESCAPED in the notebook's outputs."""
    lines = "\n    ".join(attempt.strip().splitlines())
    return code(add=f"# try\nimport os, sys\ntry:\n    {lines}\nexcept OSError: pass\n{RIGHT_ADD}")


RIGHT_ADD = "def add(a, b): return a + b"
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

# --- into the process of the tests -----------------------------------------------------------------

HIDDEN = """import os, re
    sdrow = b"0 == )1 ,1-(dda"  # backwards, so that it is not what is found
    for line in open('/proc/self/maps') if a == -1 else ():
        start, end, mode = re.match('(\\w+)-(\\w+) (\\S+)', line).groups()
        if mode.startswith('rw') and '[v' not in line:
            with open('/proc/self/mem', 'rb') as memory:
                for place in range(int(start, 16), int(end, 16), 1 << 22):
                    memory.seek(place)
                    size = min(int(end, 16) - place, (1 << 22) + 99)
                    try: found = sdrow in memory.read(size)[::-1]
                    except OSError: break
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


# --- notebooks that are broken ---------------------------------------------------------------------


def raw(content: bytes | str) -> Callable:
    return lambda course, student: hand_in(course, student, content)


simple("empty_file", raw(b""), NOT_GRADABLE, "empty")
simple("not_json", raw("this is my homework"), NOT_GRADABLE, "not JSON")
simple("cut_off", lambda c, s: hand_in(c, s, json.dumps(solve(c))[:900]), NOT_GRADABLE, "not JSON")
simple("json_list", raw("[1, 2]"), NOT_GRADABLE, "not a notebook")
simple(
    "not_utf8",
    lambda c, s: hand_in(
        c, s, json.dumps(solve(c, essay="ä"), ensure_ascii=False).encode("latin-1")
    ),
    NOT_GRADABLE,
    "not UTF-8",
)
simple("utf16", lambda c, s: hand_in(c, s, json.dumps(solve(c)).encode("utf-16")), clean=True)
simple("nested", raw("[" * 200_000), NOT_GRADABLE, "nested")
simple(
    "nested_in_cell",
    raw(
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": '
        + "[" * 200_000
        + "]" * 200_000
        + "}"
    ),
    NOT_GRADABLE,
    "nested",
)
simple("huge_number", raw('{"nbformat": ' + "9" * 10_000 + "}"), NOT_GRADABLE, "JSON")
simple("too_large", raw(b" " * 3_000_000), NOT_GRADABLE, "larger than")
simple(
    "no_cells",
    raw('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'),
    NOT_GRADABLE,
    "no cells",
)
simple(
    "cells_not_a_list",
    raw('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {}}'),
    NOT_GRADABLE,
    "list of cells",
)
simple(
    "cell_is_a_number",
    raw('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7]}'),
    NOT_GRADABLE,
    "cell 1",
)
simple(
    "source_is_a_number",
    raw(
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": 7}]}'
    ),
    NOT_GRADABLE,
    "source of cell 1",
)
simple("newer_format", edited(lambda nb: nb.update(nbformat=5)), NOT_GRADABLE, "newer")
simple("format_3", lambda c, s: hand_in(c, s, json.dumps(nbformat.convert(solve(c), 3))))
simple(
    "byte_order_mark",
    lambda c, s: hand_in(c, s, b"\xef\xbb\xbf" + json.dumps(solve(c)).encode()),
    clean=True,
)
simple(
    "lone_surrogate",
    edited(lambda nb: nb.cells.append(nbformat.v4.new_markdown_cell("\ud800"))),
    clean=True,
)
simple(
    "null_byte",
    edited(lambda nb: nb.cells.append(nbformat.v4.new_code_cell("x = '\0'"))),
    clean=True,
)
simple(
    "other_assignment",
    edited(lambda nb: nbformat.v4.new_notebook(cells=[cell("other-1", "x = 1", 3)])),
    NOT_GRADABLE,
    "another assignment",
)
simple(
    "a_plain_notebook",
    edited(lambda nb: nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])),
    NOT_GRADABLE,
    "metadata is missing",
)


def _strip(nb):
    for each in nb.cells:
        each.metadata = {}


def _double(name: str, edit: str = ""):
    def change(nb):
        at = nb.cells.index(find(nb, name))
        again = json.loads(json.dumps(nb.cells[at]))
        again["source"] += edit
        nb.cells.insert(at, nbformat.from_dict(again))

    return change


def _split(name: str):
    def change(nb):
        at = nb.cells.index(find(nb, name))
        second = nbformat.from_dict(json.loads(json.dumps(nb.cells[at])))
        lines = nb.cells[at].source.splitlines()
        nb.cells[at].source, second.source = lines[0], "\n".join(lines[1:])
        nb.cells.insert(at + 1, second)

    return change


def _without(*names: str):
    def change(nb):
        nb.cells = [
            c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in names
        ]

    return change


def _data(name: str, **changes):
    return lambda nb: find(nb, name).metadata.nbgrader.update(changes)


simple("metadata_stripped", edited(_strip), says="lost its metadata")
simple("test_doubled", edited(_double("test-add")), says="more than once")
simple("answer_doubled", edited(_double("add", "\n\n\n# a second try")), says="more than once")
simple(
    "answer_tripled",
    edited(lambda nb: [_double("add")(nb), _double("add")(nb)] and None),
    says="more than once",
)
simple("test_split", edited(_split("test-mean")), says="more than once")
simple("answer_split", edited(_split("setup")), says="more than once")
simple("test_deleted", edited(_without("test-add", "test-part")), says="'test-add' was missing")
simple(
    "test_deleted_wrong_answer",
    edited(_without("test-add", "test-part"), add=WRONG),
    says="missing",
    **LOST,
)
simple("answer_deleted", edited(_without("add")), says="'add' was missing", test_add=0, test_part=0)
simple(
    "all_but_one_deleted",
    edited(lambda nb: setattr(nb, "cells", [find(nb, "add")])),
    says="missing",
    test_mean=0,
    test_close=0,
    test_value=0,
)
simple("reversed", edited(lambda nb: nb.cells.reverse()), says="reordered")
simple(
    "test_edited",
    edited(lambda nb: find(nb, "test-add").update(source="assert True"), add=WRONG),
    says="edited",
    **LOST,
)
simple(
    "setup_edited",
    edited(
        lambda nb: find(nb, "setup").update(source="def near(a, b): return True"), mean="return 9"
    ),
    says="edited",
    test_mean=0,
)
simple(
    "test_made_text",
    edited(lambda nb: (find(nb, "test-add").update(cell_type="markdown"), None)[1], add=WRONG),
    says="markdown",
    **LOST,
)
simple(
    "answer_made_raw",
    edited(lambda nb: (find(nb, "add").update(cell_type="raw"), None)[1]),
    says="raw",
)
simple("points_raised", edited(_data("test-add", points=1000)))
simple(
    "test_made_answer",
    edited(_data("test-add", solution=True, grade=False, locked=False), add=WRONG),
    **LOST,
)
simple(
    "grade_id_changed", edited(_data("test-add", grade_id="mine"), add=WRONG), says="'mine'", **LOST
)
simple(
    "grade_id_a_list", edited(_data("test-add", grade_id=[1]), add=WRONG), says="'test-add'", **LOST
)
simple(
    "old_schema",
    edited(lambda nb: [c.metadata.nbgrader.update(schema_version=1) for c in nb.cells] and None),
    clean=True,
)
simple(
    "no_schema",
    edited(lambda nb: [c.metadata.nbgrader.pop("schema_version") for c in nb.cells] and None),
    clean=True,
)
simple(
    "new_schema",
    edited(lambda nb: [c.metadata.nbgrader.update(schema_version=99) for c in nb.cells] and None),
    clean=True,
)
simple("checksum_kept", edited(_data("test-add", checksum="0" * 32)), clean=True)
simple(
    "nbgrader_is_text",
    edited(lambda nb: find(nb, "test-add").metadata.update(nbgrader="x"), add=WRONG),
    says="test-add",
    **LOST,
)
simple(
    "skipped_by_tag",
    edited(
        lambda nb: find(nb, "test-add").metadata.update(
            tags=["skip-execution", "raises-exception"]
        ),
        add=WRONG,
    ),
    clean=True,
    **LOST,
)
simple(
    "forged_outputs",
    edited(
        lambda nb: find(nb, "test-value").update(
            outputs=[
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {"text/plain": "1.0"},
                }
            ]
        ),
        half="return 0.0",
    ),
    clean=True,
    test_value=0,
)
simple(
    "other_kernel",
    edited(lambda nb: nb.metadata.update(kernelspec={"name": "bash", "display_name": "bash"})),
    clean=True,
)
simple(
    "same_cell_ids", edited(lambda nb: [c.update(id="same") for c in nb.cells] and None), clean=True
)
simple("no_essay", edited(_without("essay")), says="essay")

# --- folders ---------------------------------------------------------------------------------------


@case(says="handed in as")
def renamed(course, student):
    hand_in(course, student, solve(course), "work (1) final.ipynb")


@case(NOT_GRADABLE, "no notebook")
def only_a_script(course, student):
    hand_in(course, student, "print(1)", "work.py")


@case(NOT_GRADABLE, "no notebook")
def empty_folder(course, student):
    (course / "submitted" / student / ASSIGNMENT).mkdir(parents=True)


@case(NOT_GRADABLE, "is a link")
def notebook_is_a_link(course, student):
    folder = hand_in(course, student, "x", "other.txt")
    other = hand_in(course, "honest", solve(course)) / f"{NOTEBOOK}.ipynb"
    (folder / f"{NOTEBOOK}.ipynb").symlink_to(other)


@case(NOT_GRADABLE, "is a link")
def folder_is_a_link(course, student):
    (course / "submitted" / student).mkdir(parents=True)
    target = hand_in(course, "honest", solve(course))
    (course / "submitted" / student / ASSIGNMENT).symlink_to(target)


@case(says="'data' is a link")
def extra_link(course, student):
    tries = "# read\nimport os\nif os.path.exists('data'): print('ESCAPED')\n" + RIGHT_ADD
    folder = hand_in(course, student, solve(course, answer(add=tries)))
    (folder / "data").symlink_to(course / "gradebook.db")


@case(says="not a plain file")
def a_pipe(course, student):
    os.mkfifo(hand_in(course, student, solve(course)) / "pipe")


@case(NOT_GRADABLE, "no notebook")
def notebook_is_a_folder(course, student):
    (course / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb").mkdir(parents=True)


@case(clean=True)
def extra_files(course, student):
    folder = hand_in(course, student, solve(course))
    (folder / "notes").mkdir()
    for number in range(50):
        (folder / "notes" / f"{number}.txt").write_text("x")


@case(says="too large")
def too_many_files(course, student):
    folder = hand_in(course, student, solve(course))
    for number in range(2100):
        (folder / f"z{number}").touch()


@case(clean=True)
def shadowing_files(course, student):
    folder = hand_in(course, student, solve(course))
    for name in ("torch", "numpy", "math", "sitecustomize", "IPython"):
        (folder / f"{name}.py").write_text("raise SystemExit('shadowed')")


@case(says="not graded: 'scratch.ipynb'")
def two_notebooks(course, student):
    hand_in(course, student, "{broken", "scratch.ipynb")
    hand_in(course, student, solve(course))


@case(says="whether it is late is not known")
def odd_timestamp(course, student):
    (hand_in(course, student, solve(course)) / "timestamp.txt").write_text("soon " * 100)


@case(clean=True, id="Zoë O'Hara [x] {2} %s")
def odd_name(course, student):
    hand_in(course, student, solve(course))


@case(clean=True, test_add=0, test_mean=0, test_part=0, test_close=0, test_value=0)
def untouched_release(course, student):
    hand_in(course, student, released(course))
