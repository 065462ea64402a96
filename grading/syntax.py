"""A cell's text as Python's tree, with the magics that only IPython reads."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

ESCAPE = re.compile(r"^([ \t]*)([%!][^\n\"']*)$", re.MULTILINE)  # a magic on a line of its own
LONGEST = 2_000  # characters of a cell in which IPython looks for magics


@lru_cache(maxsize=1000)  # an assignment's own cells are the same in every notebook
def python(source: str) -> tuple[ast.Module | None, bool]:
    """The tree of a cell that is Python, but (True) for magics on lines of their own; or None."""
    for text, magics in ((source, False), (ESCAPE.sub(r"\1pass", source), True)):
        try:
            return ast.parse(text), magics
        except (SyntaxError, ValueError):
            pass
    return None, False


def is_plain(source: str) -> bool:
    try:
        return python(source)[0] is not None
    except (RecursionError, MemoryError):
        return False


def tree_of(source: str) -> ast.Module:
    return python(source)[0] if is_plain(source) else ast.Module([], [])


def read(source: str) -> tuple[ast.Module, list[tuple[int, str]]]:
    """A cell's tree, and its magics by their lines; in the tree they may be calls as well."""
    tree, magics = python(source)
    if tree:
        text = source.split("\n") if magics else ()
        return tree, [(n, m[2]) for n, line in enumerate(text, 1) if (m := ESCAPE.match(line))]
    if len(source) > LONGEST and set("%!?") & set(source):
        raise ValueError("too long")
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return ast.parse(TransformerManager().transform_cell(source)), []
    except SyntaxError:
        return ast.Module([], []), []


def without_imports(source: str, odd: Callable[[ast.stmt], bool]) -> str:
    """A cell without the lines of those imports, outside of functions, that are odd."""
    lines = source.split("\n")
    for node in tree_of(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom) and odd(node):
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    return "\n".join(lines) if any(map(str.strip, lines)) else "pass"


def scoped(tree: ast.Module) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Every node, with the names that the functions around it bind."""
    waiting = [(tree, frozenset())]
    while waiting:
        node, bound = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            bound |= {n.arg for n in ast.walk(node.args) if isinstance(n, ast.arg)}
            bound |= {n.id for n in ast.walk(node) if binds(n)}
        yield node, bound
        waiting += [(child, bound) for child in ast.iter_child_nodes(node)]


def binds(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def dotted(node: ast.AST) -> str:
    """a.b.c of an expression that is no more; else what it ends with."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id if isinstance(node, ast.Name) else "", *reversed(parts)])
