"""What a test cell is worth, from what it displayed; and where marks are kept."""

import math
import re

from nbgrader.api import Grade

from .cells import shows_value

LONGEST = 200  # characters that show a number
# as Python, numpy (also in arrays without dimensions) or torch displays one
NUMBER = re.compile(
    r"(?:np\.\w++|numpy\.\w++|tensor|array)?\(?\s*'?([-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?)'?"
    r"\s*(?:,\s*(?:dtype|device|grad_fn|requires_grad)=[^()]*+)?\)?",
    re.ASCII,
)


def number(text: object) -> float | None:
    """The finite number that a displayed value is, or None."""
    if isinstance(text, list):
        text = "".join(map(str, text[:LONGEST]))
    text = text[: LONGEST + 1].strip() if isinstance(text, str) else ""
    match = NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if match is None or ("'" in text and not text.startswith(("np.", "numpy.", "tensor"))):
        return None
    value = float(match.group(1))
    return value if math.isfinite(value) else None


def score_of(source: str, shown: list, points: float, failed: bool) -> tuple[float, str]:
    """The mark of a test, and what is suspicious about it ("" where nothing is).

    A test that raised is worth nothing, whatever it displayed; one that ends in an expression is
    worth the finite number between 0 and ``points`` that it shows; any other is worth ``points``.
    What is written to stderr costs nothing. ``shown``: the texts of the values displayed.
    """
    if failed:
        return 0.0, "a score was displayed although the test failed" if shown else ""
    if not shows_value(source):
        return points, "a score was displayed that is not the test's" if shown else ""
    if not shown:
        return points, ""
    why = "more than one score was displayed; the last one counts" if len(shown) > 1 else ""
    value = number(shown[-1])
    if value is None or not 0 <= value <= points:
        text = str(shown[-1])[:60]
        return 0.0, f"the score displayed is {text!r}, not a number from 0 to {points:g}"
    return value, why


def names(notebook) -> dict[str, str]:
    """Cells of an ``nbgrader.api.SubmittedNotebook``, id -> name: one query, not one for each mark."""
    of = notebook.notebook
    return {cell.id: cell.name for cell in [*of.grade_cells, *of.task_cells, *of.solution_cells]}


def write(notebook, scores: dict[str, float | None], comments: dict[str, str | None]) -> None:
    """Set the marks and comments of an ``nbgrader.api.SubmittedNotebook``; the caller commits.

    A mark is a cell's name -> points, or None where a person is to mark it. A mark that a person
    gave stays, and is to be looked at again.
    """
    known, of = names(notebook), notebook.notebook
    lost = {cell.id for cell in [*of.grade_cells, *of.task_cells]}
    lost -= {grade.cell_id for grade in notebook.grades}  # deleted by hand
    notebook.grades += [Grade(cell_id=cell) for cell in lost]
    for grade in notebook.grades:
        grade.auto_score = scores.get(known.get(grade.cell_id))
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in notebook.comments:
        comment.auto_comment = comments.get(known.get(comment.cell_id))
