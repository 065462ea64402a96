"""An assignment whose tests or points change after it was graded; modules and numbers of students."""

import nbformat
import pytest
from classroom import ASSIGNMENT, NOTEBOOK, answer, find, hand_in, make_course, marks, solve
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from test_grading import needs_sandbox, run, states
from traitlets.config import Config


def change(course, name: str, source: str, points: float) -> None:
    """What an instructor does: edit a test in source/, and generate the assignment again."""
    path = course / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    nb = nbformat.read(path, as_version=4)
    cell = find(nb, name)
    cell.source, cell.metadata.nbgrader["points"] = source, points
    nbformat.write(nb, path)
    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.course_id = str(course), "bench"
    result = NbGraderAPI(config=config).generate_assignment(ASSIGNMENT, force=True)
    assert result["success"], result


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Graded once; then the points of one item, and what it tests, have changed."""
    root = make_course(tmp_path_factory.mktemp("changed") / "course")
    hand_in(root, "right", solve(root))
    hand_in(root, "rounds", solve(root, answer(mean="return sum(x) // len(x)")))
    own = answer(add="import mine\n    return mine.plus(a, b)", mean="return 0")
    (hand_in(root, "module", solve(root, own)) / "mine.py").write_text(
        "def plus(a, b):\n    return a + b\n"
    )
    assert run("autograde", root).returncode == 0
    with Gradebook(f"sqlite:///{root}/gradebook.db", "bench") as gradebook:
        essay = gradebook.find_grade("essay", NOTEBOOK, ASSIGNMENT, "right")
        essay.manual_score, essay.needs_manual_grade = 3.0, False
        gradebook.db.commit()
    change(root, "test-mean", "assert mean([1, 2]) == 1.5", 6)
    return root


@needs_sandbox
def test_a_students_own_module_is_imported(course):
    assert marks(course, "module")["test-add"] == 2.0


@needs_sandbox
def test_older_marks_are_named_and_only_changed_grades_them_again(course):
    before = states(course)
    assert {name: row["older_version"] for name, row in before.items()} == dict.fromkeys(
        before, ["test-mean"]
    )
    said = run("autograde", course).stdout
    assert "3 had been graded before" in said and "`--changed` grades them again" in said
    assert "test-mean" in said and "module, right, rounds" in said
    assert marks(course, "rounds")["test-mean"] == 3.0  # of the test of then
    said = run("autograde", course, "--changed").stdout
    assert "3 done" in said
    assert [marks(course, name)["test-mean"] for name in ("right", "rounds", "module")] == [6, 0, 0]
    after = states(course)
    assert not any(row["older_version"] for row in after.values())
    # a mark by hand stays, and is to be looked at again
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as gradebook:
        assert gradebook.find_grade("essay", NOTEBOOK, ASSIGNMENT, "right").manual_score == 3.0
    assert "0 done" in run("autograde", course, "--changed").stdout
