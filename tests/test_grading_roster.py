"""A class list as Canvas, Moodle or Blackboard exports it becomes the gradebook's students."""

import argparse
import unicodedata

import commands
import pytest
from classroom import make_course
from nbgrader.api import Gradebook
from test_grading_platforms import BLACKBOARD, CANVAS, MOODLE

from grading import roster
from grading.course import CourseError

PARTICIPANTS = """\
"First name","Last name","Email address",Groups
Ana,Example,ana@example.org,
Bo,"de la Sample",bo@example.org,Team
"""
GRADEBOOK = """\
"First name","Last name","ID number",Institution,Department,"Email address","Assignment: HW1 (Real)"
Ana,Example,0001,,,ana@example.org,8.50
Bo,Sample,0002,,,,-
"""
ANA = ("Ana", "Example", "ana@example.org", None)
CASES = {  # a list, --id, and what the gradebook must then hold
    "Canvas": (
        CANVAS,
        None,
        {
            "4321": ("Ana", "Example", None, "4321"),
            "4322": ("Bo", "Sample", None, "4322"),
            "4323": ("", "Cy", None, "4323"),
        },
    ),
    "Canvas by login": (
        CANVAS.replace('"=""Cy"""', '"=""=1+1, X"""'),
        "sis login id",
        {
            "aexample": ("Ana", "Example", None, "4321"),
            "bsample": ("Bo", "Sample", None, "4322"),
            "ctwin": ("X", "=1+1", None, "4323"),
        },
    ),
    "Canvas, two columns of names": (
        "LastName,FirstName,ID,Section\nExample,Ana,4321,A\n    Points Possible,,,\n",
        None,
        {"4321": ("Ana", "Example", None, "4321")},
    ),
    "Moodle's worksheet": (
        MOODLE,
        "Email address",
        {
            "ana@example.org": ANA,
            "bo@example.org": ("Bo", "Sample", "bo@example.org", None),
            "cy@example.org": ("Cy", "Twin", "cy@example.org", None),
        },
    ),
    "Moodle's participants": (
        PARTICIPANTS,
        None,
        {
            "Ana Example": ANA,
            "Bo de la Sample": ("Bo", "de la Sample", "bo@example.org", None),
        },
    ),
    "Moodle's gradebook": (
        GRADEBOOK,
        "ID number",
        {"0001": ANA, "0002": ("Bo", "Sample", None, None)},
    ),
    "Blackboard": (
        BLACKBOARD,
        None,
        {
            "4321": ("Ana", "Example", None, None),
            "4322": ("Bo", "Sample", None, None),
            "4323": ("Cy", "Twin", None, None),
        },
    ),
    "semicolons": (
        PARTICIPANTS.replace(",", ";"),
        "email address",
        {
            "ana@example.org": ANA,
            "bo@example.org": ("Bo", "de la Sample", "bo@example.org", None),
        },
    ),
}


class Desk:
    """A gradebook, and the command."""

    def __init__(self, folder, capsys):
        self.file, self.capsys, self.sheet = folder / "gradebook.db", capsys, folder / "list.csv"

    def gradebook(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.file}", "bench")

    def run(self, text: str | bytes, by: str | None = None, dry_run: bool = False) -> list[str]:
        """The lines that were printed."""
        self.sheet.write_bytes(text if isinstance(text, bytes) else text.encode())
        words = argparse.Namespace(sheet=self.sheet, id=by, dry_run=dry_run)
        assert roster.roster(self, words) == 0
        return self.capsys.readouterr().out.splitlines()

    def students(self) -> dict[str, tuple]:
        with self.gradebook() as book:
            return {
                one.id: (one.first_name, one.last_name, one.email, one.lms_user_id)
                for one in book.students
            }


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return (make_course(tmp_path_factory.mktemp("roster")) / "gradebook.db").read_bytes()


@pytest.fixture
def desk(empty, tmp_path, capsys):
    (tmp_path / "gradebook.db").write_bytes(empty)
    return Desk(tmp_path, capsys)


@pytest.mark.parametrize("case", CASES)
def test_a_list_becomes_students_and_a_second_time_nothing_changes(desk, case):
    text, by, want = CASES[case]
    desk.run(text, by, dry_run=True)
    assert desk.students() == {}
    said = desk.run(text, by)
    assert desk.students() == want
    assert f"{len(want)} new, 0 changed" in said[-1]
    assert f"0 new, 0 changed, {len(want)} as they were; 0 others" in desk.run(text, by)[-1]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_encodings(desk, codec):
    desk.run(PARTICIPANTS.replace("Ana", "Z\u00fcr\u0161").replace(",", "\t").encode(codec))
    assert sorted(desk.students()) == ["Bo de la Sample", "Z\u00fcr\u0161 Example"]


def test_what_changed_is_said_and_who_is_gone_is_told_and_left(desk):
    desk.run(CASES["Moodle's gradebook"][0], "ID number")
    text = GRADEBOOK.replace("ana@example.org", "").replace("Ana,Example", "Anna,Example")
    text = text.replace("Bo,Sample,0002", "Di,New,0004")
    said = desk.run(text, "ID number")
    assert said == [
        "new: 0004: Di, New",
        "changed: 0001: first_name Ana becomes Anna",
        "not in the list, and left: 0002",
        "2 students called by their ID number: 1 new, 1 changed, 0 as they were; "
        "1 others are in the gradebook",
    ]
    found = desk.students()  # an empty cell takes nothing away
    assert found["0001"] == ("Anna", *ANA[1:]) and found["0002"] == ("Bo", "Sample", None, None)


def test_another_unicode_form_is_the_same_student(desk):
    text = PARTICIPANTS.replace("Ana", "\u00c4na")
    with desk.gradebook() as book:
        book.add_student(unicodedata.normalize("NFD", "\u00c4na Example"))
    said = desk.run(text)
    assert "1 new, 1 changed" in said[-1] and len(desk.students()) == 2


def test_the_test_student_of_canvas_is_no_student(desk):
    said = desk.run(CANVAS, "SIS Login ID")  # has no login either
    assert "line 7: Canvas's test student is left out" in said and len(desk.students()) == 3


def test_who_has_the_name_of_another_is_left_out_and_enters_by_a_list_of_two(desk):
    """The folders of the two are renamed alike for each assignment, as the documentation says."""
    said = desk.run(PARTICIPANTS + 'ana,EXAMPLE,"x@example.org",\n')
    assert [line for line in said if "left out" in line] == [
        "line 2, Ana Example: left out, 2 have this name",
        "line 4, ana EXAMPLE: left out, 2 have this name",
    ]
    assert set(desk.students()) == {"Bo de la Sample"}
    two = "Folder,First name,Last name,Email address\nAna 1,Ana,Example,a@b.c\nAna 2,Ana,Example,x@b.c\n"
    desk.run(two, "Folder")
    assert set(desk.students()) == {"Bo de la Sample", "Ana 1", "Ana 2"}


REFUSED = {
    "no names": ("Email address,Groups\na@b.c,\n", None, "no columns of names"),
    "another language": (
        PARTICIPANTS.replace("First name", "Vorname"),
        None,
        "no columns of names",
    ),
    "no such column": (PARTICIPANTS, "ID number", "no columns are 'ID number'.*Email address"),
    "no ID column": (CANVAS.replace(",ID,", ",Nr,"), None, "no columns are 'ID'"),
    "a column twice": (GRADEBOOK.replace("Department", "ID number"), "ID number", "2 columns are"),
    "no id": (GRADEBOOK.replace("0002", ""), "ID number", "line 3, Bo Sample: no ID number"),
    "no name": (PARTICIPANTS.replace("Ana,Example", ","), None, "line 2, : no name"),
    "twice": (
        GRADEBOOK.replace("0002", "0001"),
        "ID number",
        "line 3, Bo Sample: the same as line 2",
    ),
    "twice, other form": (
        GRADEBOOK.replace("0001", "\u00c4na").replace("0002", "A\u0308NA"),
        "ID number",
        "the same as line 2, '\u00c4na'",
    ),
    "a path": (PARTICIPANTS.replace("Ana", "../Ana"), None, "'../Ana Example' cannot be an id"),
    "hidden": (PARTICIPANTS.replace("Ana", ".Ana"), None, "'.Ana Example' cannot be an id"),
    "a line break": (PARTICIPANTS.replace("Ana", '"A\nna"'), None, "cannot be an id"),
    "too long": (PARTICIPANTS.replace("bo@", "bo" * 70 + "@"), None, "longer than 128"),
    "short row": (PARTICIPANTS + "Cy,Twin\n", None, "line 4, Cy Twin: it has 2 fields"),
    "nobody": (
        CANVAS.splitlines()[0] + "\n    Points Possible,,,,,,,,\n",
        None,
        "nobody in the list",
    ),
    "empty": ("", None, "no table"),
    "another encoding": (PARTICIPANTS.replace("Ana", "\u00c4n").encode("cp1252"), None, "neither"),
    "a spreadsheet": (b"PK\x03\x04", None, "an .xlsx"),
    "a flood": (
        "First name,Last name,ID\n" + "a,b,c\n" * 40,
        "ID",
        "(?s)line 3.*line 12, .*\nand 29 more$",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_list_that_is_not_understood_writes_nothing(desk, case):
    text, by, says = REFUSED[case]
    with pytest.raises(CourseError, match=says):
        desk.run(text, by)
    assert desk.students() == {}


def test_the_command(tmp_path):
    """The example of the documentation."""
    course, sheet = make_course(tmp_path / "course"), tmp_path / "class.csv"
    words = ["roster", str(sheet), "--course", str(course)]
    done = commands.run(*words)
    assert done.returncode == 2 and "class.csv cannot be read" in done.stderr
    sheet.write_text(CANVAS)
    done = commands.run(*words, "--id", "SIS Login ID")
    assert done.returncode == 0, done.stderr
    assert "new: bsample: Bo, Sample, 4322" in done.stdout
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as book:
        assert [one.id for one in book.students] == ["ctwin", "aexample", "bsample"]
