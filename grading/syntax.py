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


def without_imports(
    source: str, odd: Callable[[ast.stmt], bool], gone: set[str]
) -> tuple[str, set[str]]:
    """A cell without imports, outside of functions, that are odd, and without what uses these.

    gone: the names that cells before it lack; the second is the same after it. Lines keep numbers.
    """
    text, cuts, gone = source.encode(errors="surrogatepass").split(b"\n"), [], set(gone)
    for node in tree_of(source).body if "\r" not in source else ():
        left, bound = b"pass", {one.id for one in ast.walk(node) if binds(one)}
        if isinstance(node, ast.Import | ast.ImportFrom) and odd(node):
            lost = [alias for alias in node.names if odd(_only(node, [alias]))]
            gone |= {alias.asname or alias.name.partition(".")[0] for alias in lost}
            if kept := [alias for alias in node.names if alias not in lost]:
                left = ast.unparse(_only(node, kept)).encode()
        elif loads(node) & gone:
            gone |= bound | {getattr(node, "name", "")}
        else:
            gone -= bound
            continue
        first = [*getattr(node, "decorator_list", ()), node][0].lineno - 1
        begin = node.col_offset if first == node.lineno - 1 else 0
        cuts.append((first, begin, node.end_lineno - 1, node.end_col_offset, left))
    for first, begin, last, end, left in reversed(cuts):
        kept = [text[first][:begin], *[b""] * (last - first - 1), left + text[last][end:]]
        text[first : last + 1] = kept if first < last else [b"".join(kept)]
    return b"\n".join(text).decode(errors="surrogatepass"), gone


def _only(node: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import(names)
    return ast.ImportFrom(node.module, names, node.level)


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


def loads(tree: ast.AST) -> set[str]:
    """The names that stand in it other than to be bound, there or in a function around them."""
    names = ((one, bound) for one, bound in scoped(tree) if isinstance(one, ast.Name))
    return {one.id for one, bound in names if not binds(one) and one.id not in bound}


def binds(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def dotted(node: ast.AST) -> str:
    """a.b.c of an expression that is no more; else what it ends with."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id if isinstance(node, ast.Name) else "", *reversed(parts)])
