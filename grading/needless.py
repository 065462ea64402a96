"""Lines of answers with what no answer needs and what could get round the watch for work by hand.

What an answer calls is watched in its own process, which a determined program can take apart. So a
test that asks for work by hand is also told of these lines, see `checks.watch.ODD`, and refuses it.
"""

import ast
import re
import sys
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader import utils

from . import cells
from .inside.apart.names import NAMES, is_odd
from .own import ITSELF, MOST, files, modules, private
from .syntax import binds, dotted, is_plain, loads, read, scoped, tree_of, without_imports

MODULES = set(
    """
    _thread apart asyncio atexit bdb builtins cProfile cffi checks code codeop concurrent copyreg ctypes
    dill dis doctest faulthandler gc grading imp importlib ipykernel joblib marshal mmap mock
    multiprocessing numba pdb pickle pkgutil profile pty pydoc runpy select selectors shelve signal site
    socket socketserver subprocess symtable threading timeit trace unittest weakref zmq
    importlib_metadata jinja2 mako six tornado
    """.split()
)
ALONE = set("__import__ breakpoint compile exec get_ipython globals locals open vars".split())
CALLER = "methodcaller"  # of a method that is named is as good as that method
# in the process of answers the others are heard, see inside/apart/names
CALLED = {"eval", "getattr", CALLER}
# of modules, what is also a common name of something else
COMMON = {"apart", "checks", "code", "grading", "profile", "select", "signal", "site", "trace"}
READ = {"np.frombuffer", "numpy.frombuffer"}  # torch's takes what an object of one's own gives it
STRIDED = "as_strided"  # NumPy's reaches beyond its array, torch's does not
INNER = {"__dict__", "sys", STRIDED}  # of a library
STORED = {"__all__", "__author__", "__doc__", "__slots__", "__version__"}
KEYWORDS = {"allow_pickle", "eval_str", "weights_only"}
BASES = {"Tensor", "Parameter", "Function", "ndarray", "generic", "str_", "ABCMeta", "Meta"}
CODE = {"capture", "time", "timeit"}  # magics, with code behind them that is read
MAGICS = CODE | set(
    "conda config html latex ls markdown matplotlib pinfo pinfo2 pip precision pwd svg who whos".split()
)
SHELL = re.compile(r"[&;|<>`$]|^\s*(python|ipython|sh|bash|perl|nohup|setsid|jupyter)")


def lines(nb: NotebookNode, folder: Path) -> tuple[dict[str, set[int]], dict[int, str]]:
    """Where answers have such a line: "line 3 of cell 'clip-answer': import gc", and the cells' places.

    So it is read in the student's modules in that folder, as far as they are imported; its places
    are those of all cells that import modules from there. A cell is run without such imports and
    what uses them, if that is all and no answer needs it: the second gives, by the cell's place,
    what is left of it.
    """
    theirs, calmed, used = [], {}, set()
    for place, cell in enumerate(nb.cells):
        if cell.cell_type == "code" and not utils.is_locked(cell):
            title = cell.metadata.get("nbgrader", {}).get("grade_id") or f"number {place + 1}"
            theirs.append((f"cell {title!r}", cell.source, place))
        if cell.cell_type == "code" and (utils.is_locked(cell) or utils.is_solution(cell)):
            used |= loads(tree_of(cell.source))
    known = imported([cell.source for cell in nb.cells if cell.cell_type == "code"])
    found, slow, gone = {}, 0, set()
    own, importing = modules(theirs, folder)
    many = len(theirs) > len(nb.cells) + MOST
    read_too = {root for root in own if own[root]}
    read_too |= private([source for _, source, _ in theirs[: len(nb.cells) + MOST]])
    for name, source, place in theirs:
        slow += not is_plain(source)
        too_many = many or slow > MOST
        here = known if place is not None else known - {"re.compile"} | imported([source])
        odd = [1] if too_many else needless(source, here, read_too)
        if (odd or gone) and not too_many and place is not None:  # left behind: pdb, timeit
            left, lost = without_imports(source, partial(_odd, known=known, own=read_too), gone)
            if left != source and not lost & used and not needless(left, known, read_too):
                calmed[place], gone = left, lost
                continue
        text = ["", *source.splitlines()]
        where = importing if place is None else {place}
        found |= {
            f"line {n} of {name}: {''.join(text[n : n + 1]).strip()[:80]}": where for n in odd
        }
    return found, calmed


def plain_imports(source: str, folder: Path) -> str:
    """A cell's imports of libraries, outside of functions, that are none of such lines."""
    kept = (ast.Import, ast.ImportFrom)
    found = [node for node in tree_of(source).body if isinstance(node, kept)]
    texts = [ast.unparse(node) for node in found if not _odd(node, set(), set())]
    return "\n".join(text for text in texts if not _leads_to(text, folder))


def _leads_to(imports: str, folder: Path) -> bool:
    return any(files(name.partition(".")[0], folder) for name in cells.imports(imports))


def needless(source: str, known: set[str], own: set[str] = frozenset()) -> list[int]:
    """The numbers of such lines of one cell; known: what is imported; own: see `_odd`."""
    try:
        tree, magics = read(source)
        found = {number for number, text in magics if _is_odd_magic(text, known)}
    except Exception:  # nobody can read it, but Python may have been told to go deeper
        return [1]
    calls = set()  # get_ipython() that stand for magics, getattr() and eval() that are calls
    for node, bound in scoped(tree):
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in CALLED:
            calls.add(id(node.func))
        if isinstance(node, ast.Call) and (text := _magic(node)) is not None:
            calls |= {id(node.func), id(node.func.value), id(node.func.value.func)}
            found |= {node.lineno} if _is_odd_magic(text, known) else set()
        elif id(node) not in calls and _odd(node, known - bound, own):
            found.add(getattr(node, "lineno", 1))
    return sorted(found)


def imported(sources: list[str]) -> set[str]:
    """The names that imports of these cells bind, and nothing else in them does, and aliases."""
    named = [_names(source) for source in sources]
    known = set().union(*(names for names, _, _ in named))
    known -= set().union(*(names for _, names, _ in named))
    return known | {new for _, _, pairs in named for new, old in pairs if old in known}


def _magic(node: ast.Call) -> str | None:
    """The text of a magic that was made a call; None of another call."""
    called, inner = node.func, getattr(node.func, "value", None)
    made = isinstance(called, ast.Attribute) and isinstance(inner, ast.Call)
    words = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
    plain = len(words) == len(node.args) and not node.keywords
    if not (made and plain and dotted(inner.func) == "get_ipython"):
        return None
    sign = {"run_line_magic": "%", "run_cell_magic": "%%", "system": "!", "getoutput": "!"}
    return sign[called.attr] + "\n".join(words) if called.attr in sign else None


def _is_odd_magic(text: str, known: set[str]) -> bool:
    if text.startswith("!"):
        return bool(SHELL.search(text.strip("!")))
    name, *code = re.split(r"\s", text.lstrip("%"), maxsplit=1)
    if name not in MAGICS:
        return True
    code = re.sub(r"^(\s*-[a-z]\s*\d*)+", "", "".join(code)) if name in CODE else ""
    return bool(code.strip()) and needless(code.strip(), known) != []


# --- what is odd -------------------------------------------------------------------------------


def _odd(node: ast.AST, known: set[str], own: set[str]) -> bool:
    """own: modules beside the notebook, and private names of one's own classes."""
    if isinstance(node, ast.Import):
        hides = any(alias.name == "sys" and alias.asname for alias in node.names)
        return hides or any(_is_odd_path(alias.name, own) for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        base = f"{node.module or ''}." if not node.level else ""  # its own package is read
        if base == "__future__.":
            return False
        if base == "":
            return any(is_odd(alias.name, True) for alias in node.names)
        names = [one.name for one in node.names if one.name != CALLER or one.asname]
        return any(_is_odd_path(base + name, own) for name in names)
    if isinstance(node, ast.Attribute):
        stored, theirs = isinstance(node.ctx, ast.Store), _root(node) in known
        mine = dotted(node.value) in ITSELF and (stored or node.attr.startswith("__"))
        mine |= node.attr in own and not theirs  # anything may be called self
        special = node.attr.startswith("__") and (node.attr.endswith("__") or not mine)
        if stored and (special or theirs and ".backends." not in dotted(node)):
            return True
        path = dotted(node)
        if not stored and _is_free(path, known):
            return False
        inner = theirs and node.attr in INNER and path != "torch.as_strided"
        inner |= node.attr in MODULES - COMMON or path == "sys.modules"
        return inner or is_odd(node.attr, mine)
    if isinstance(node, ast.Name):
        return _is_odd_name(node.id, isinstance(node.ctx, ast.Store), known)
    if isinstance(node, ast.keyword):
        return node.arg in KEYWORDS
    if isinstance(node, ast.MatchClass):
        return any(is_odd(name, False) for name in node.kwd_attrs)
    if isinstance(node, ast.ClassDef):
        ends = {dotted(base).rpartition(".")[2] for base in node.bases}
        kinds = {end for end in ends if end.rstrip("0123456789") in ("float", "int", "complex")}
        return bool(ends & BASES or (kinds - {"float", "int", "complex"}))
    if isinstance(node, ast.FunctionDef):
        odd = node.name[:2] == "__" and is_odd(node.name, False)
        return odd or node.name in ("tobytes", "__class__")
    return isinstance(node, ast.Call) and _is_odd_call(node, known)


def _is_free(path: str, known: set[str]) -> bool:
    """May it be read, though what it is called by is odd elsewhere?"""
    if path == "re.compile":
        return {"re", path} <= known
    return path.rpartition(".")[2] == "tobytes" or path in READ


def _is_odd_name(name: str, stored: bool, known: set[str]) -> bool:
    if name in ALONE | CALLED or "*" in known and name in NAMES:
        return True
    free = stored and name in STORED
    return name.startswith("__") and not free and (stored or is_odd(name, False))


def _is_odd_call(node: ast.Call, known: set[str]) -> bool:
    called, first = dotted(node.func), node.args[0] if node.args else None
    if called == "eval":  # of a variable, among the names that there are
        return not isinstance(first, ast.Name) or len(node.args) + len(node.keywords) > 1
    if called.rpartition(".")[2] == CALLER:
        text = getattr(first, "value", None)
        return type(text) is not str or text in INNER or is_odd(text)
    if called not in ("getattr", "setattr", "delattr") or first is None:
        return False
    stored = called != "getattr" and _root(first) in known
    name = node.args[1] if len(node.args) > 1 else first
    while inner := getattr(name, "left", None) or next(iter(getattr(name, "values", ())), None):
        name = inner  # the beginning of a text that is put together
    begins = str(name.value) if isinstance(name, ast.Constant) else ""
    pieces = begins.startswith("_") and name not in node.args
    inner = _root(first) in known and begins in INNER
    inner &= f"{dotted(first)}.{begins}" != "torch.as_strided"
    return stored or inner or (pieces or is_odd(begins, False)) and dotted(first) != "self"


def _is_odd_path(path: str, own: set[str]) -> bool:
    root, *rest = path.split(".")
    if root in own and not _is_installed(root):
        return False  # it is read itself
    if root == "IPython" and rest[:1] != ["display"]:
        return True
    return (
        root in MODULES
        or path == "sys.modules"
        or (rest[-1:] in (["sys"], [STRIDED]) and path != "torch.as_strided")
        or not _is_installed(root)  # so somebody has written it meanwhile
        or any(is_odd(part, False) for part in [root, *rest] if part != "*")
    )


@lru_cache
def _is_installed(root: str) -> bool:
    try:
        return root in sys.stdlib_module_names or find_spec(root) is not None
    except (ImportError, ValueError):
        return False


def _root(node: ast.AST) -> str:
    return dotted(node).partition(".")[0]


@lru_cache(maxsize=1000)
def _names(source: str) -> tuple[set[str], set[str], list[tuple[str, str]]]:
    """The names that a cell's imports bind, those bound elsewise, outside of functions, aliases."""
    imports, others, pairs = set(), set(), []
    for node, bound in scoped(tree_of(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):  # of a *, that
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                imports.add(name)
                if name in ("re", "*"):  # whose compile is not torch's
                    same = isinstance(node, ast.Import) and alias.name == "re"
                    (imports if same else others).add("re.compile")
        elif binds(node) and not bound:
            others.add(node.id)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):
            pairs += [(one.id, node.value.id) for one in node.targets if isinstance(one, ast.Name)]
    return imports, others, pairs
