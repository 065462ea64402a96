"""Put the assignment's own cells back into a submitted notebook, whatever was done to them."""

import ast
import builtins
import hashlib
import re
import symtable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbformat.notebooknode import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell

from .foreign import cells_in
from .hidden import visible

SCHEMA = 3
WORD = re.compile(r"[A-Za-z_]\w*+")
MISSING = "0" * 32  # in place of the checksum of an answer that was put back


class NotThisAssignment(Exception):
    """The notebook holds none of the assignment's cells. The message says what it looks like."""


@dataclass(frozen=True)
class Cell:
    """One cell of the assignment as the gradebook knows it."""

    name: str
    kind: str  # "code" or "markdown"
    source: str
    checksum: str
    locked: bool
    points: float | None  # None: not graded
    solution: bool
    task: bool

    def metadata(self) -> NotebookNode:
        """nbgrader's metadata (schema 3)."""
        data = {
            "schema_version": SCHEMA,
            "grade_id": self.name,
            "grade": self.points is not None and not self.task,
            "solution": self.solution,
            "task": self.task,
            "locked": self.locked,
            "cell_type": self.kind,
            "checksum": self.checksum,
        }
        if self.points is not None:
            data["points"] = self.points
        return from_dict(data)


def definition(notebook, reference: Path | None) -> tuple[list[Cell], bool]:
    """The cells of an ``nbgrader.api.Notebook``, and whether they are in their order.

    The gradebook keeps no order; the instructor's (or the released) notebook ``reference`` does.
    """
    graded = {cell.name: cell for cell in [*notebook.grade_cells, *notebook.task_cells]}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    cells = [
        Cell(
            name=cell.name,
            kind=cell.cell_type,
            source=cell.source,
            checksum=cell.checksum,
            locked=bool(cell.locked),
            points=float(graded[cell.name].max_score) if cell.name in graded else None,
            solution=cell.name in solutions,
            task=cell.name in tasks,
        )
        for cell in notebook.source_cells
    ]
    order = {name: place for place, name in enumerate(cells_in(reference))}
    ordered = all(cell.name in order for cell in cells)
    return sorted(cells, key=lambda cell: order.get(cell.name, len(order))), ordered


def locked_texts(cells: list[Cell]) -> dict[str, str | None]:
    """name -> what students see of it, None where it is theirs to write."""
    return {cell.name: visible(cell.source) if cell.locked else None for cell in cells}


def version(cells: list[Cell]) -> dict[str, str]:
    """What marks depend on: name -> a digest, for graded cells and locked code."""
    texts = {
        cell.name: f"{cell.points}\0{cell.kind}\0{cell.source if cell.locked else ''}"
        for cell in cells
        if cell.points is not None or (cell.locked and cell.kind == "code")
    }
    return {name: hashlib.sha256(text.encode()).hexdigest()[:8] for name, text in texts.items()}


def claimed_name(cell: NotebookNode) -> str | None:
    """The grade_id a submitted cell says it has."""
    data = cell.get("metadata", {}).get("nbgrader")
    name = data.get("grade_id") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None


def _retype(cell: NotebookNode, kind: str) -> None:
    cell.cell_type = kind
    if kind == "code":
        cell.outputs, cell.execution_count = [], None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def restore(nb: NotebookNode, cells: list[Cell], ordered: bool = True) -> list[str]:
    """Make ``nb`` the assignment's notebook with this student's answers; return what was wrong.

    Every cell of the assignment occurs once, in its place, with its own type, metadata and, where
    locked, source; missing ones are put back. Anything else the student wrote stays where it was.
    Raises NotThisAssignment.
    """
    known = {cell.name: cell for cell in cells}
    notes: list[str] = []
    place: dict[str, int] = {}  # name -> index of the one cell that counts, the last
    strangers = []
    for index, cell in enumerate(nb.cells):
        name = claimed_name(cell)
        cell.metadata.pop("nbgrader", None)
        if name in known:
            if name in place:
                notes.append(f"cell {name!r} occurs more than once; the last one counts")
            place[name] = index
        elif name is not None:
            strangers.append(name)
    _find_by_source(nb, cells, place, notes)
    if not place:
        raise NotThisAssignment(_looks_like(nb, strangers))
    if strangers:
        notes.append(f"cells of another assignment: {', '.join(map(repr, strangers[:5]))}")
    for name, index in place.items():
        _repair(nb.cells[index], known[name], notes)
    if ordered:
        _sort(nb, cells, place, notes)
    _add_missing(nb, cells, place, notes)
    return notes


def _looks_like(nb: NotebookNode, strangers: list[str]) -> str:
    if not nb.cells:
        return "the notebook has no cells"
    if strangers:
        shown = ", ".join(map(repr, strangers[:3]))
        return f"the notebook belongs to another assignment (its graded cells are {shown})"
    return "no cell of this assignment is in the notebook (its nbgrader metadata is missing)"


def _find_by_source(nb: NotebookNode, cells: list[Cell], place: dict, notes: list[str]) -> None:
    """Find locked cells that have lost their metadata by what they say."""
    lost = {visible(cell.source): cell.name for cell in cells if cell.locked}
    for index, cell in enumerate(nb.cells):
        name = lost.get(visible(cell.source)) if index not in place.values() else None
        if name is not None and name not in place:
            place[name] = index
            notes.append(f"cell {name!r} had lost its metadata; found by its text")


def _repair(cell: NotebookNode, right: Cell, notes: list[str]) -> None:
    if cell.cell_type != right.kind:
        notes.append(f"cell {right.name!r} had been made a {cell.cell_type} cell")
        _retype(cell, right.kind)
    if right.locked and cell.source != right.source:
        if visible(cell.source) != visible(right.source):
            notes.append(f"cell {right.name!r} had been edited; the original is used")
        cell.source = right.source
    cell.metadata.nbgrader = right.metadata()


def _sort(nb: NotebookNode, cells: list[Cell], place: dict[str, int], notes: list[str]) -> None:
    """Bring the assignment's cells into their order, within the places they have."""
    order = [cell.name for cell in cells if cell.name in place]
    slots = sorted(place.values())
    if [place[name] for name in order] != slots:
        notes.append("cells had been reordered; the original order is used")
        moved = [nb.cells[place[name]] for name in order]
        for slot, name, cell in zip(slots, order, moved, strict=True):
            nb.cells[slot], place[name] = cell, slot


def _add_missing(nb: NotebookNode, cells: list[Cell], place: dict, notes: list[str]) -> None:
    before = None  # the cell of the assignment that comes before
    for cell in cells:
        if cell.name not in place:
            notes.append(f"cell {cell.name!r} was missing")
            if cell.locked or cell.points is not None:
                make = new_code_cell if cell.kind == "code" else new_markdown_cell
                fresh = make(source=cell.source, metadata={"nbgrader": cell.metadata()})
                if not cell.locked:  # an answer to be marked by hand: not the same as no answer
                    fresh.metadata.nbgrader.checksum = MISSING
                at = 0 if before is None else place[before] + 1
                nb.cells.insert(at, fresh)
                for name in place:
                    place[name] += place[name] >= at
                place[cell.name] = at
        if cell.name in place:
            before = cell.name


# --- what a test cell is like, and relies on ---------------------------------------------------


def parse(source: str) -> ast.Module | None:
    """The syntax tree of a cell, magics left out; None where it has none."""
    try:
        return ast.parse(_plain(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _plain(source: str) -> str:
    lines = [("pass" if line.startswith(("%", "!")) else line) for line in source.splitlines()]
    return "\n".join(lines)


@cache
def imports(source: str) -> set[str]:
    """The modules that a cell imports."""
    found = set()
    for node in ast.walk(parse(source) or ast.Module([], [])):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


@cache
def free(source: str) -> list[str]:
    """Names that a cell takes from cells before it."""
    try:
        top = symtable.symtable(_plain(source), "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # magics: every word may be one
        return sorted(set(WORD.findall(source)) - set(dir(builtins)))
    symbols, waiting = top.get_symbols(), top.get_children()
    found = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    while waiting:
        inner = waiting.pop()
        found |= {symbol.get_name() for symbol in inner.get_symbols() if symbol.is_global()}
        waiting += inner.get_children()
    found -= {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    magics = [line for line in source.splitlines() if line.startswith("%")]
    found |= {word for line in magics for word in WORD.findall(line)}
    return sorted(found - set(dir(builtins)))


@cache
def bound(source: str) -> set[str]:
    """Names that a cell gives to cells after it."""
    try:
        symbols = symtable.symtable(_plain(source), "cell", "exec").get_symbols()
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # every word may be one
        return set(WORD.findall(source))
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


def needs(sources: list[str], place: int) -> set[str]:
    """The names that a cell takes from others, and those that these take."""
    found, waiting, left = set(), [sources[place]], dict(enumerate(sources))
    while waiting:
        found |= set(free(waiting.pop()))
        used = [n for n, source in left.items() if bound(source) & found]
        waiting += [left.pop(n) for n in used]
    return found


@cache
def shows_value(source: str) -> bool:
    """Whether a cell ends in an expression, whose value nbgrader takes for a score."""
    tree = parse(source)
    if tree is None:
        return True  # magics and the like: cannot tell
    ends = bool(tree.body) and isinstance(tree.body[-1], ast.Expr)
    return ends and not source.rstrip().endswith(";")
