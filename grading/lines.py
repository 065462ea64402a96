"""Lines of answers that a person should read: what could switch off the watch for work by hand.

Tests are out of an answer's reach, but what an answer may call is watched in its own process, which
an answer can take apart.
"""

import re

from nbformat.notebooknode import NotebookNode
from nbgrader import utils

MOST = 5  # lines shown of a cell
WORDS = re.compile(
    r"setprofile|settrace|monitoring|_getframe|currentframe|torch\._C|_python_dispatch|overrides"
    r"|DisableTorch|FunctionType|CodeType|f_back|f_globals|tb_frame|__code__|__globals__|__closure__"
    r"|__builtins__|\bgc\b|ctypes|\bmock\b|sys\.modules|importlib|__import__|\binspect\b"
    r"|(?<![.\w])(?:exec|eval|compile)\(|\bTHERE\b"
)
NAME = re.compile(r"\w++")
OURS = {"apart", "checks", "grading"}  # what tests are made of, and what carries calls to answers


def to_read(nb: NotebookNode) -> list[str]:
    """For each cell of the student's with such lines: its name, their numbers, and what they say."""
    found = []
    for index, cell in enumerate(nb.cells):
        if cell.cell_type != "code" or utils.is_locked(cell):
            continue
        shown = [
            f"{number}: {line.strip()[:80]}"
            for number, line in enumerate(cell.source.splitlines(), 1)
            if _is_odd(line.partition("#")[0])
        ]
        if shown:
            name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"number {index + 1}"
            more = f" and {len(shown) - MOST} more" if len(shown) > MOST else ""
            found.append(f"to be read in cell {name!r}: line {'; line '.join(shown[:MOST])}{more}")
    return found


def _is_odd(code: str) -> bool:
    return bool(WORDS.search(code) or ("import" in code and OURS & set(NAME.findall(code))))
