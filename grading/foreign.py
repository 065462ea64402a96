"""Whether a notebook belongs to another assignment: judged by the share of known cells."""

import json
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from .hidden import visible


def cells_in(path: Path | None) -> dict[str, str | None]:
    """The graded cells of a trusted notebook in their order: name -> text, None where not locked."""
    try:
        found = json.loads(path.read_text("utf-8"))["cells"] if path else []
        marked = [cell for cell in found if "nbgrader" in cell["metadata"]]
        return {
            cell["metadata"]["nbgrader"]["grade_id"]: visible("".join(cell["source"]))
            if cell["metadata"]["nbgrader"].get("locked")
            else None
            for cell in marked
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def shared(nb: NotebookNode, known: dict[str, str | None]) -> set[str]:
    """Those of the ``known`` cells that the notebook has, by their names or by what they say."""
    names = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells}
    lost = {visible(c.source) for c in nb.cells if "nbgrader" not in c.metadata and c.source}
    return {name for name, text in known.items() if name in names or (text and text in lost)}


def called(path: Path) -> str:
    """What an instructor's notebook is called: by its folder, where it is the only one in it."""
    alone = len(list(path.parent.glob("*.ipynb"))) <= 1
    return path.parent.name if alone else f"{path.stem} of {path.parent.name}"


def notebooks(source: Path) -> dict[str, dict[str, str | None]]:
    """The cells of all notebooks of the course: what each is called -> its cells."""
    return {called(path): cells_in(path) for path in sorted(source.glob("*/*.ipynb"))}


def belongs_to(nb: NotebookNode, known: dict[str, str | None], source: Path, own_name: str) -> str:
    """Where a notebook is not of the assignment whose cells are ``known``: of which; else "".

    Assignments share names of cells. It is another's where it has more foreign cells than known
    ones, and a greater share of the other's cells than of these. ``own_name``: what the assignment
    is called among the notebooks in ``source``.
    """
    own = len(shared(nb, known))
    names = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells} - {None}
    foreign, share = len(names - set(known)), own / max(len(known), 1)
    if not foreign and share >= 0.5:
        return ""
    best, most = "", share
    for other, cells in notebooks(source).items():
        there = shared(nb, cells) if other != own_name else set()
        foreign = max(foreign, len(there - set(known)))
        if len(there) > most * len(cells):
            best, most = other, len(there) / len(cells)
    if foreign <= own:
        return ""
    if best:
        return f"this is {best}"
    shown = ", ".join(map(repr, sorted(names - set(known))[:3]))
    return (
        f"the notebook belongs to another assignment (its cells are {shown})" if share < 0.5 else ""
    )
