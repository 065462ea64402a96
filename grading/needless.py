"""Lines of answers with what no answer needs and what could get round the watch for work by hand.

What an answer calls is watched in its own process, which a determined program can take apart. So a
test that asks for work by hand is also told of these lines, see `checks.watch.ODD`, and refuses it.
"""

import ast
from functools import lru_cache

from nbformat.notebooknode import NotebookNode
from nbgrader import utils

from . import cells

MODULES = set(
    """
    _thread apart asyncio bdb builtins cProfile cffi checks code codeop concurrent ctypes dis faulthandler gc
    grading imp importlib ipykernel marshal mmap mock multiprocessing pdb pickle pkgutil profile
    pydoc runpy signal site subprocess symtable threading trace unittest weakref zmq
    """.split()
)
# under whatever module or object
NAMES = set(
    """
    ao CodeType FrameType Function FunctionType MethodType TorchDispatchMode TorchFunctionMode compile
    currentframe custom_op disable_torch_function exec forward_ad frombuffer get_ipython getframeinfo
    getmembers globals grad_fn jit library next_functions ops overrides run_backward runcall
    quantization saved_tensors_hooks set_trace setprofile settrace singledispatch tobytes
    untyped_storage
    """.split()
)
ALONE = {"__import__", "breakpoint", "compile", "exec", "get_ipython", "globals", "locals"}
SPECIAL = set(
    """
    abs add annotations bool call class class_getitem contains delattr delitem dict div doc enter eq
    exit file float floordiv format ge getattr getitem gt hash iadd imul init int invert isub iter le
    len lt main matmul mod module mul name ne neg new next or and xor pos post_init pow qualname radd
    repr reversed rmatmul rmul round rsub rtruediv rpow setattr setitem slots str sub truediv version
    """.split()
)
BASES = {"Tensor", "Parameter", "Function", "ndarray", "generic", "str_", "ABCMeta", "Meta"}


def lines(nb: NotebookNode) -> list[str]:
    """Where the student's cells have such a line: "line 3 of cell 'clip-answer': import gc"."""
    theirs = [
        (cell.metadata.get("nbgrader", {}).get("grade_id") or f"number {index + 1}", cell.source)
        for index, cell in enumerate(nb.cells)
        if cell.cell_type == "code" and not utils.is_locked(cell)
    ]
    known = imported([cell.source for cell in nb.cells if cell.cell_type == "code"])
    found = []
    for name, source in theirs:
        text = source.splitlines()
        for number in needless(source, known):
            found.append(f"line {number} of cell {name!r}: {text[number - 1].strip()[:80]}")
    return found


def needless(source: str, known: set[str]) -> list[int]:
    """The numbers of such lines of one cell; known: what is imported."""
    tree = cells.parse(source) or ast.Module([], [])
    return sorted({node.lineno for node in ast.walk(tree) if _odd(node, known)})


def imported(sources: list[str]) -> set[str]:
    """The names that imports of these cells bind, and nothing else in them does."""
    pairs = [_names(source) for source in sources]
    return set().union(*(names for names, _ in pairs)) - set().union(*(names for _, names in pairs))


def _odd(node: ast.AST, known: set[str]) -> bool:
    if isinstance(node, ast.Import):
        return any(_is_odd_path(alias.name) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return any(_is_odd_path(f"{node.module or ''}.{alias.name}") for alias in node.names)
    if isinstance(node, ast.Attribute):
        own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        stored = isinstance(node.ctx, ast.Store) and _root(node) in known
        return _is_odd_name(node.attr, own) or (stored and ".backends." not in _dotted(node))
    if isinstance(node, ast.Name):
        return node.id in ALONE
    if isinstance(node, ast.ClassDef):
        ends = {_dotted(base).rpartition(".")[2] for base in node.bases}
        kinds = {end for end in ends if end.rstrip("0123456789") in ("float", "int", "complex")}
        return bool(ends & BASES or (kinds - {"float", "int", "complex"}))
    if isinstance(node, ast.FunctionDef):
        return node.name == "tobytes" or node.name[:2] == "__" and _is_odd_name(node.name, False)
    return isinstance(node, ast.Call) and _is_odd_call(node, known)


def _is_odd_call(node: ast.Call, known: set[str]) -> bool:
    called, first = _dotted(node.func), node.args[0] if node.args else None
    if called == "eval":
        return not isinstance(first, ast.Name)
    if called not in ("getattr", "setattr", "delattr") or first is None:
        return False
    names = [one.value for one in node.args[1:2] if isinstance(one, ast.Constant)]
    stored = called != "getattr" and _root(first) in known
    return stored or any(_is_odd_name(str(name), False) for name in names)


def _is_odd_path(path: str) -> bool:
    root, *rest = path.split(".")
    return root in MODULES or any(
        _is_odd_name(part, False) for part in [root, *rest] if part != "*"
    )


def _is_odd_name(name: str, own: bool) -> bool:
    if name.startswith("__"):
        return name.strip("_") not in SPECIAL
    return name in NAMES or (
        name.startswith("_") and not own and name.strip("_") not in ("", "pytree")
    )


def _dotted(node: ast.AST) -> str:
    """a.b.c of an expression that is no more; else what it ends with."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id if isinstance(node, ast.Name) else "", *reversed(parts)])


def _root(node: ast.AST) -> str:
    return _dotted(node).partition(".")[0]


@lru_cache(maxsize=1000)  # an assignment's own cells are the same in every notebook
def _names(source: str) -> tuple[set[str], set[str]]:
    """The names that a cell's imports bind, and those that it binds otherwise."""
    imports, others = set(), set()
    for node in ast.walk(cells.parse(source) or ast.Module([], [])):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.arg):
            others.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            others.add(node.id)
    return imports, others
