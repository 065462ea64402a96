"""A small course for the tests of the grading part: one assignment, and students of all kinds."""

import atexit
import functools
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ASSIGNMENT, NOTEBOOK = "small", "work"

CONFIG = """\
from grading.config import guard

c = get_config()
c.CourseDirectory.course_id = "bench"
c.Execute.timeout = {timeout}
c.Limits.preload = {preload!r}
guard(c)
{extra}
"""


def cell(name: str, source: str, points: float | None = None, **flags):
    """A cell of an instructor's notebook."""
    data = {"schema_version": 3, "grade_id": name, "task": False, "grade": points is not None}
    data |= {"solution": False, "locked": not flags.get("solution", False), **flags}
    if points is not None:
        data["points"] = points
    make = new_markdown_cell if flags.get("solution") and points is not None else new_code_cell
    return make(source=source, metadata={"nbgrader": data}, id=name)


def notebook(cells: list):
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


SETUP = "import math\n\n\ndef near(a, b, *, tolerance=1e-9):\n    return abs(a - b) < tolerance"

TESTS = {
    "test-add": (
        "assert add(2, 3) == 5\n### BEGIN HIDDEN TESTS\nassert add(-1, 1) == 0\n### END HIDDEN TESTS",
        2,
    ),
    "test-mean": ("assert near(mean([1, 2, 3]), 2)\nassert math.isclose(mean([4]), 4)", 3),
    "test-part": ("right = [add(i, i) == 2 * i for i in range(4)]\nsum(right) / 2", 2),
}
TORCH_TESTS = {
    "test-close": (
        "import numpy as np\nimport torch\n\n"
        "assert torch.allclose(torch.tensor(twice([1.0, 2.0])), torch.tensor([2.0, 4.0]))\n"
        "np.testing.assert_allclose(twice([3.0]), [6.0])",
        2,
    ),
    "test-value": ("half(2.0)", 1),
}
RIGHT = {
    "add": "def add(a, b):\n    return a + b",
    "mean": "def mean(x):\n    return sum(x) / len(x)",
    "twice": "def twice(x):\n    return [2 * a for a in x]",
    "half": "def half(x):\n    return x / 2",
}


def answer(**code: str) -> dict[str, str]:
    """Right answers, but for those given: the body of a function, or a cell that starts with #."""
    changed = {}
    for name, body in code.items():
        head = RIGHT[name].splitlines()[0]
        changed[name] = body if body.startswith("#") else f"{head}\n    {body}"
    return RIGHT | changed


def cells_of(code: dict[str, str], essay: str, torch: bool) -> list:
    """All cells of a notebook with these answers."""

    def pair(name: str) -> list:
        tests = TESTS | TORCH_TESTS
        test = {"twice": "test-close", "half": "test-value"}.get(name, f"test-{name}")
        return [cell(name, code[name], solution=True), cell(test, *tests[test])]

    cells = [cell("setup", SETUP), *pair("add"), *pair("mean")]
    cells.append(cell("test-part", *TESTS["test-part"]))
    if torch:
        cells += [*pair("twice"), *pair("half")]
    return [*cells, cell("essay", essay, points=4, solution=True)]


def make_course(
    root: Path, torch: bool = False, timeout: int = 10, extra: str = "", db_url: str = ""
) -> Path:
    """Write a course whose gradebook knows the assignment, as `nbgrader generate_assignment` does."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    text = CONFIG.format(preload=["torch", "numpy"] if torch else [], timeout=timeout, extra=extra)
    if db_url:
        _generate(root, torch, db_url)
    else:
        shutil.copytree(_template(torch), root, dirs_exist_ok=True)
    (root / "nbgrader_config.py").write_text(text)
    return root


@functools.cache
def _template(torch: bool) -> Path:
    """A course to copy: nbgrader takes seconds to make its gradebook."""
    folder = Path(tempfile.mkdtemp(prefix="course-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _generate(folder, torch)
    return folder


def _generate(root: Path, torch: bool, db_url: str = "") -> None:
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    folder = root / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    solution = {name: _marked(code) for name, code in RIGHT.items()}
    nb = notebook(cells_of(solution, "An essay.", torch))
    nbformat.write(nb, folder / f"{NOTEBOOK}.ipynb")
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "bench"
    if db_url:
        config.CourseDirectory.db_url = db_url
    result = NbGraderAPI(config=config).generate_assignment(ASSIGNMENT)
    assert result["success"], result


def _marked(code: str) -> str:
    head, body = code.split("\n")
    return f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"


def released(root: Path):
    """What a student starts from."""
    return nbformat.read(root / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4)


def solve(root: Path, code: dict[str, str] | None = None, essay: str = "I think so."):
    """A student's notebook."""
    nb, code = released(root), code or answer()
    for each in nb.cells:
        name = each.metadata.get("nbgrader", {}).get("grade_id")
        if name in code:
            each.source = code[name]
        elif name == "essay":
            each.source = essay
    return nb


def find(nb, name: str):
    """The cell of a notebook with this grade_id."""
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def hand_in(root: Path, student: str, nb, name: str = f"{NOTEBOOK}.ipynb") -> Path:
    """Write a submission: ``nb`` is a notebook, bytes, or text."""
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(nb, bytes):
        (folder / name).write_bytes(nb)
    elif isinstance(nb, str):
        (folder / name).write_text(nb)
    else:
        (folder / name).write_text(json.dumps(nb))
    return folder


def marks(root: Path, student: str) -> dict[str, float | None]:
    """Automatic marks of one student, item by item."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db", "bench") as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, student)
        return {g.name: g.auto_score for n in submission.notebooks for g in n.grades}
