"""The assignments through nbgrader: what students are given, and the whole cycle of one class."""

import csv
import re
import shutil
import sys
from pathlib import Path

import bank
import graders
import nbformat
import pytest
from test_notebooks import faults as stored_faults

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import release  # noqa: E402

ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("source/*/*.ipynb"))
CLASS = "a2_cnn"  # the assignment that the synthetic class hands in


def cells_of(folder: str, assignment: str) -> list:
    return graders.notebook(folder, assignment).cells


def hidden_parts(assignment: str) -> list[str]:
    """What stands between BEGIN and END of hidden tests and of mark schemes."""
    pattern = r"BEGIN (HIDDEN TESTS|MARK SCHEME)[^\n]*\n(.*?)\n[^\n]*END \1"
    text = "\n".join(cell.source for cell in cells_of("source", assignment))
    return [part for _, part in re.findall(pattern, text, re.DOTALL)]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """One gradebook for all assignments: nbgrader takes seconds to make one."""
    return tmp_path_factory.mktemp("made")


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_release_is_what_source_makes(name, scratch):
    made = release.generate(name, scratch)
    assert release.differences(made, ROOT / "release" / name) == [], "run `make release`"


def test_drift_is_found(tmp_path):
    made, kept = tmp_path / "made", tmp_path / "kept"
    for folder in (made, kept):
        folder.mkdir()
        (folder / "same.ipynb").write_text("1")
        (folder / "changed.ipynb").write_text(folder.name)
    (made / "new.txt").write_text("")
    (kept / "old.txt").write_text("")
    (kept / ".ipynb_checkpoints").mkdir()
    (kept / ".ipynb_checkpoints" / "same-checkpoint.ipynb").write_text("ignored")
    assert release.differences(made, kept) == ["changed.ipynb", "new.txt", "old.txt"]


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_release_hides_what_it_must(name):
    text = "\n".join(cell.source for cell in cells_of("release", name))
    parts = hidden_parts(name)
    assert len(parts) > len(graders.items(name))
    assert [part for part in parts if part in text] == []
    for word in ("HIDDEN", "MARK SCHEME", "BEGIN SOLUTION", "Rubric"):
        assert word not in text
    assert all(not cell.get("outputs") for cell in cells_of("release", name))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_assignment_has_its_form(name):
    """8 to 14 tested items, hand-graded ones with a rubric, 100 points, words for hidden tests."""
    cells = cells_of("source", name)
    info = {cell.id: cell.metadata.get("nbgrader", {}) for cell in cells}
    assert sum(i.get("points", 0) for i in info.values()) == 100
    tested = graders.items(name)
    assert 8 <= len(tested) <= 14
    by_hand = [i for i in info.values() if i.get("grade") and i.get("solution")]
    assert by_hand and any("MARK SCHEME" in cell.source for cell in cells)
    for cell in cells:
        if cell.id in tested:
            assert "BEGIN HIDDEN TESTS" in cell.source, f"{cell.id} has no hidden test"
            assert info[cell.id]["locked"] and f"{cell.id}-answer" in info
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert prose.count("*Hidden tests*") == len(tested), "say in words what each hidden test does"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_solution_is_stored_as_run(name):
    """nbval, in `make test`, runs it and compares."""
    path = ROOT / "source" / name / f"{name}.ipynb"
    assert stored_faults(nbformat.read(path, as_version=4)) == []


class Course:
    """A course in a folder of its own, and nbgrader working on it in this process."""

    def __init__(self, folder: Path) -> None:
        from nbgrader.apps import NbGraderAPI

        self.folder = folder
        graders.make_course(folder, CLASS)
        config = release.course_config(folder)
        (folder / "student").mkdir()
        config.Exchange.assignment_dir = str(folder / "student")
        config.Exchange.cache = str(folder / "cache")
        self.api = NbGraderAPI(config=config)

    def exchange(self, step: str) -> None:
        """What a student does: FetchAssignment or Submit."""
        from nbgrader.utils import temp_attrs

        with temp_attrs(self.api.coursedir, assignment_id=CLASS):
            getattr(self.api.exchange, step)(
                coursedir=self.api.coursedir, authenticator=self.api.authenticator, parent=self.api
            ).start()


WRONG = ("conv-loop, wrong: flipped", "shapes, wrong: rounded up", "bn-running, wrong: biased")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """One class: handed in through the exchange, graded, marked by hand, given feedback."""
    course = Course(tmp_path_factory.mktemp("course"))
    folder, api = course.folder, course.api
    assert api.generate_assignment(CLASS)["success"]
    assert api.release_assignment(CLASS)["success"]
    course.exchange("FetchAssignment")
    fetched = folder / "student" / CLASS / f"{CLASS}.ipynb"
    assert fetched.read_bytes() == (ROOT / f"release/{CLASS}/{CLASS}.ipynb").read_bytes()
    shutil.copy(ROOT / f"source/{CLASS}/{CLASS}.ipynb", fetched)  # a student who got all right
    course.exchange("Submit")
    assert api.collect(CLASS)["success"]
    (right,) = (path.name for path in (folder / "submitted").iterdir())

    bad = [a for a in bank.read(bank.BANK, CLASS, list(graders.items(CLASS))) if str(a) in WRONG]
    answers = {a.item: a for a in bad}
    assert len(answers) == len(WRONG)
    graders.hand_in(folder, CLASS, "wrong", graders.submission(CLASS, answers))
    graders.hand_in(folder, CLASS, "blank", graders.notebook("release", CLASS))
    graders.hand_in(folder, CLASS, "damaged", graders.notebook("release", CLASS))
    damaged = folder / f"submitted/damaged/{CLASS}/{CLASS}.ipynb"
    damaged.write_bytes(damaged.read_bytes()[:5000])
    said = graders.autograde(folder, CLASS)
    with api.gradebook as gradebook:
        grade = gradebook.find_grade("choice", CLASS, CLASS, right)
        grade.manual_score, grade.needs_manual_grade = 6.0, False
        gradebook.db.commit()
    feedback = {s: api.generate_feedback(CLASS, s)["success"] for s in (right, "wrong", "blank")}
    return course, right, said, feedback


def test_solution_scores_all_and_release_nothing(graded):
    course, right, _, _ = graded
    points = graders.items(CLASS)
    full = graders.marks(course.folder, CLASS, right)
    none = graders.marks(course.folder, CLASS, "blank")
    assert {item: full[item].score for item in points} == points
    assert {item: none[item].score for item in points} == dict.fromkeys(points, 0)
    assert all("still to be written" in none[i].message for i in ("out-size", "conv-loop", "train"))


def test_wrong_answers_lose_their_items_and_no_other(graded):
    course, _, _, _ = graded
    points, got = graders.items(CLASS), graders.marks(course.folder, CLASS, "wrong")
    lost = {item for item in points if got[item].score != points[item]}
    assert lost == {name.split(",")[0] for name in WRONG}
    assert "Likely:   the kernel is flipped" in got["conv-loop"].message
    assert "Tried:" in got["bn-running"].message and "Expected:" in got["bn-running"].message


def test_damaged_file_stops_nobody_else(graded):
    course, right, said, _ = graded
    assert "3 graded" in said and "1 not gradable" in said, said
    for student in (right, "wrong", "blank"):
        assert (course.folder / "autograded" / student / CLASS / f"{CLASS}.ipynb").exists()


def test_feedback_and_export_hold_the_marks(graded):
    course, right, _, feedback = graded
    assert feedback == dict.fromkeys((right, "wrong", "blank"), True)
    page = (course.folder / "feedback" / right / CLASS / f"{CLASS}.html").read_text()
    assert "<b>98</b> of 100 points" in page and "6 of 8" in page
    assert "Rubric" not in page, "the mark scheme, with its answers, is for those who mark"
    with course.api.gradebook as gradebook:
        found = {s.student.id: s.score for s in gradebook.assignment_submissions(CLASS)}
    assert found[right] == 98 and found["blank"] == 0
    assert found["wrong"] == 92 - 9 - 5 - 5


def test_export_lists_every_student(graded, monkeypatch):
    from nbgrader.plugins import CsvExportPlugin

    course, right, _, _ = graded
    monkeypatch.chdir(course.folder)
    with course.api.gradebook as gradebook:
        plugin = CsvExportPlugin()
        plugin.to = str(course.folder / "grades.csv")
        plugin.export(gradebook)
    with open(course.folder / "grades.csv") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows[right] == 98 and rows["blank"] == 0 and "wrong" in rows
