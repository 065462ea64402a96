"""Marks in sheets as Canvas, Moodle and Blackboard export them, with the odd things they hold."""

import argparse
import csv
import io
import re
from contextlib import nullcontext
from types import SimpleNamespace

import commands
import pytest
from classroom import ASSIGNMENT, NOTEBOOK, make_course
from nbgrader.api import Gradebook

from grading import marksheet, outcomes, report
from grading.course import CourseError

CANVAS = '''\
Student,ID,SIS User ID,SIS Login ID,Section,HW0 (12344),small (12345),Current Score,Final Score
,,,,,,Manual Posting,,
    Points Possible,,,,,5.00,10.00,(read only),(read only)
"Example, Ana",4321,S0001,aexample,Section A,4.00,9.50,95.00,95.00
"Sample, Bo",4322,S0002,bsample,Section A and Section B,,,,0.00
"=""Cy""",4323,S0003,ctwin,Section A,EX,,,0.00
"Student, Test",4399,,,Section A,,,,0.00
'''
MOODLE = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 123","Ana Example",4321,ana@example.org,"Submitted for grading - Graded",8.50,10.00,Yes,\
"Tuesday, 3 March 2026, 2:15 PM","Wednesday, 4 March 2026, 9:02 AM","<p>Check
part ""2"".</p>"
"Participant 124","Bo Sample",4322,bo@example.org,"Submitted for grading",,10.00,Yes,\
"Tuesday, 3 March 2026, 6:18 PM",-,
"Participant 125","Cy Twin",4323,cy@example.org,"Submitted for grading",,10.00,Yes,-,-,
"""
BLACKBOARD = """\
"Last Name","First Name","Username","Student ID","Last Access","Availability",\
"small [Total Pts: 10 Score] |123456","Weighted Total [Total Pts: up to 100 Score] |123450"
"Example","Ana","4321","0001234","2026-03-03 14:15:04","Yes","9.5",""
"Sample","Bo","4322","0001235","2026-03-03 14:15:04","Yes","In Progress",""
"Twin","Cy","4323","0001236","2026-03-03 14:15:04","Yes","",""
"""
SHEETS = {"Canvas": CANVAS, "Moodle": MOODLE, "Blackboard": BLACKBOARD}
MARK = {"Canvas": 6, "Moodle": 5, "Blackboard": 6}  # the column of marks


def row(student: str, score: float | None, state: str = outcomes.GRADED, **more) -> dict:
    found = {"student": student, "state": state, "score": score, "max_score": 10.0, "by_hand": 0}
    return found | {"older_version": [], "late_seconds": 0, "reasons": ["a kernel died"]} | more


CLASS = [row("4321", 7.555), row("4322", 8.0), row("4323", 10.0)]


class Desk:
    """A course of these students, a folder, and the command."""

    def __init__(self, folder, capsys, monkeypatch):
        self.folder, self.capsys, self.patch = folder, capsys, monkeypatch
        self.into, self.mails = folder / "out.csv", {}

    def plan(self, assignment: str) -> None:
        pass

    def gradebook(self):
        people = [SimpleNamespace(id=name, email=mail) for name, mail in self.mails.items()]
        return nullcontext(SimpleNamespace(students=people))

    def run(self, sheet: str | bytes, rows: list[dict] = CLASS, column=None, scale=False) -> str:
        """What was said. The status is kept."""
        data = sheet if isinstance(sheet, bytes) else sheet.encode()
        (self.folder / "in.csv").write_bytes(data)
        self.patch.setattr(report, "rows", lambda gradebook, assignment: rows)
        given = {"assignment": "small", "sheet": self.folder / "in.csv", "into": self.into}
        words = argparse.Namespace(**given, column=column, scale=scale)
        try:
            self.status = marksheet.marksheet(self, words)
        finally:
            assert (self.folder / "in.csv").read_bytes() == data
        found = self.capsys.readouterr()
        return found.out + found.err

    def refuses(self, sheet: str | bytes, said: str, **more) -> None:
        with pytest.raises(CourseError, match=said):
            self.run(sheet, **more)
        assert not self.into.exists()

    def marks(self, at: int, codec: str = "utf-8-sig", separator: str = ",") -> list[str]:
        """What the csv module reads in the column of marks, below the header."""
        text = self.into.read_bytes().decode(codec)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [fields[at] for fields in list(rows)[1:]]


@pytest.fixture
def desk(tmp_path, capsys, monkeypatch):
    return Desk(tmp_path, capsys, monkeypatch)


@pytest.mark.parametrize("platform", SHEETS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_marks_are_filled_in_and_nothing_else_is_touched(desk, platform, mark, end):
    sheet = mark + SHEETS[platform].replace("\n", end).encode()
    said = desk.run(sheet)
    assert desk.status == 0 and f"3 marks for {platform}" in said
    want = ["7.56", "8.00", "10.00"]
    if platform == "Canvas":
        want = ["Manual Posting", "10.00", *want, ""]
    assert desk.marks(MARK[platform]) == want
    before = [line.split(b",") for line in sheet.splitlines(keepends=True)]
    after = [line.split(b",") for line in desk.into.read_bytes().splitlines(keepends=True)]
    pairs = [pair for a, b in zip(before, after, strict=True) for pair in zip(a, b, strict=True)]
    changed = [pair for pair in pairs if len(set(pair)) > 1]
    assert len(changed) == 3
    assert {b'"' in new for _, new in changed} == {platform == "Blackboard"}  # as it was quoted


def test_the_names_of_a_column_that_said_who_is_who(desk):
    desk.mails = {"ana": "ANA@example.org", "Cy Twin": None}
    rows = [row("ana", 1.0), row("Bo Sample 124", 2.0), row("Cy Twin", 3.0)]
    said = desk.run(MOODLE, rows)
    assert "1 by 'Email address', 2 by 'Full name'" in said
    assert desk.marks(5) == ["1.00", "2.00", "3.00"]


def test_utf_16_with_tabs(desk):
    sheet = BLACKBOARD.replace(",", "\t").encode("utf-16-le")
    desk.run(b"\xff\xfe" + sheet)
    assert desk.marks(6, "utf-16", "\t") == ["7.56", "8.00", "10.00"]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_decimal_comma(desk, separator):
    number = r"\1,\2" if separator == ";" else r'"\1,\2"'
    desk.run(re.sub(r"(\d+)\.(\d\d)", number, CANVAS.replace(",", separator)))
    assert desk.marks(6, separator=separator)[2:] == ["7,56", "8,00", "10,00", ""]


ODD = {  # what is in the sheet, what it becomes, the mark's cell of Bo after it, what is said
    "excused": ("Canvas", "Section B,,,", "Section B,,ex,", "ex", "it is excused there"),
    "not assigned": ("Canvas", "Section B,,,", "Section B,,N/A,", "N/A", "not assigned there"),
    "short row": ("Canvas", "Section B,,,,0.00", "Section B,,", "", "7 fields, and the header 9"),
    "no id": ("Canvas", '"Sample, Bo",4322', '"Sample, Bo",', "", "nobody of the gradebook"),
    "formula": ("Canvas", "A,,,,0.00\n", "A,,=A1*2,,0.00\n", "8.00", "a formula, which Canvas"),
    "thousands": ("Canvas", "A,,,,0.00\n", 'A,,"1,000",,0.00\n', "8.00", "1,000 would not be read"),
    "locked": ("Moodle", ',,10.00,Yes,"Tue', ',,10.00,No,"Tue', "", "Moodle has locked it"),
    "spreadsheet's date": ("Moodle", 'PM",-,', 'PM",04/03/2026 9:02,', "8.00", "not how it writes"),
    "no participant": ("Moodle", "Participant 124", "", "", "lost the number of its participant"),
    "a name twice": (
        "Moodle",
        '"Cy Twin",4323',
        '"Bo Sample",4322',
        "",
        "two rows for one student",
    ),
    "old mark": ("Blackboard", "", "", "8.00", "In Progress becomes 8.00"),
    "zeros lost": ("Blackboard", '"4322","0001235"', '"432","1235"', "In Progress", "nobody of"),
}


@pytest.mark.parametrize("case", ODD)
def test_what_the_platform_would_skip_or_misread_is_reported_by_line(desk, case):
    platform, old, new, cell, says = ODD[case]
    assert old in SHEETS[platform]
    said = desk.run(SHEETS[platform].replace(old, new) if old else SHEETS[platform])
    told = [line for line in said.splitlines() if says in line]
    assert told and told[0].startswith("line "), said
    place = {"Canvas": 3, "Moodle": 1, "Blackboard": 1}[platform]
    assert desk.marks(MARK[platform])[place] == cell
    assert desk.status == (0 if case == "old mark" else 1)


@pytest.mark.parametrize(
    ("bo", "says", "status"),
    [
        (row("4322", 8.0, by_hand=1), "awaiting marks by hand", 1),
        (row("4322", 8.0, older_version=["test-add"]), "of an older version", 1),
        (row("4322", None, outcomes.NOT_GRADABLE), "not gradable", 1),
        (row("4322", None, outcomes.MISSING), "no mark written: missing", 0),
        (row("4322", 10.5), "above the maximum", 1),
    ],
)
def test_marks_that_are_not_final_or_too_high_are_not_written(desk, bo, says, status):
    said = desk.run(MOODLE, [CLASS[0], bo, CLASS[2]])
    assert "line 4, Participant 124 (4322)" in said and says in said
    assert desk.marks(5) == ["7.56", "", "10.00"] and desk.status == status


def test_marks_in_part_and_late_ones_are_written_and_canvas_takes_more_than_the_maximum(desk):
    some = row("4321", 3.0, outcomes.PARTIAL), row("4322", 10.5), row("4323", 5.0, late_seconds=9)
    said = desk.run(CANVAS, list(some))
    assert "graded in part: a kernel died" in said and desk.status == 1
    assert desk.marks(6)[2:5] == ["3.00", "10.50", "5.00"]


def test_two_students_for_one_row_and_one_who_is_not_there(desk):
    desk.mails = {"bo": "bo@example.org"}
    said = desk.run(MOODLE, [*CLASS, row("bo", 1.0), row("dee", 2.0)])
    assert "(4322 or bo): no mark written: two students for one row" in said
    assert "dee is not in the sheet" in said and desk.marks(5) == ["7.56", "", "10.00"]


REFUSED = {
    "another course": (MOODLE.replace("432", "999"), "of 3 students with marks 0 are among the 3"),
    "another assignment": (CANVAS.replace("small", "other"), "no columns are 'small'"),
    "the column twice": (CANVAS.replace("HW0 (12344)", "small (12345)"), "2 columns are 'small'"),
    "no number": (CANVAS.replace("small (12345)", "small"), "would become a new column"),
    "no number, Blackboard": (BLACKBOARD.replace(" |123456", ""), "would become a new column"),
    "another maximum": (CANVAS.replace("10.00", "20.00"), "out of 20.00, the assignment out of 10"),
    "several maxima": (MOODLE.replace(",,10.00", ",,20.00", 1), "the sheet's: 10.00, 20.00"),
    "a maximum with thousands": (MOODLE.replace("10.00", '"1,000.00"'), "the sheet's: 1,000.00"),
    "points and commas": (CANVAS.replace("9.50", '"9,50"'), "decimal points and decimal commas"),
    "read only": (CANVAS.replace("10.00", "(read only)"), "never imports a column"),
    "no section": (CANVAS.replace(",Section,", ",Abschnitt,"), "takes no header without"),
    "a scale": (MOODLE.replace("Maximum grade", "Scale"), "marked by a scale"),
    "another language": (MOODLE.replace(",Grade,", ",Bewertung,"), "say by --column which holds"),
    "Moodle's gradebook": ('"First name","HW1: small (Real)"\nAna,8.50\n', "grading worksheet"),
    "something else": ("a,b\n1,2\n", "not understood"),
    "nothing": ("", "no table"),
    "an open quote": (MOODLE + '"', "line 6: a quote"),
    "a binary file": (b"PK\x03\x04", "an .xlsx file"),
    "another encoding": (MOODLE.replace("Ana", "Än").encode("cp1252"), "neither UTF-8 nor UTF-16"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_sheet_that_cannot_be_used_is_refused(desk, case):
    desk.refuses(*REFUSED[case])


@pytest.mark.parametrize("name", ["Final Grade Project", "Current Points of small"])
def test_a_column_that_canvas_never_imports(desk, name):
    desk.refuses(CANVAS.replace("small", name), "give it another title", column=name)


def test_a_calculated_column(desk):
    desk.refuses(BLACKBOARD, "takes no marks", column="Weighted Total")


def test_a_file_that_is_there_is_never_overwritten(desk):
    desk.into = desk.folder / "in.csv"
    with pytest.raises(CourseError, match="nothing written, File exists"):
        desk.run(MOODLE)


def test_a_chosen_column_and_a_scale(desk):
    said = desk.run(CANVAS, column="12344", scale=True)
    assert "4.00 becomes 3.78" in said and "it is excused there" in said
    assert desk.marks(5)[2:] == ["3.78", "4.00", "EX", ""]


def test_a_worksheet_in_another_language(desk):
    words = {"Identifier": "ID", ",Grade,": ",Note,", "Maximum grade": "Max", "Participant": "Nr."}
    sheet = MOODLE.replace("Last modified (grade)", "Zuletzt")
    for ours, theirs in words.items():
        sheet = sheet.replace(ours, theirs)
    said = desk.run(sheet, column="Note")
    assert desk.marks(5) == ["7.56", "8.00", "10.00"] and "cannot be told" in said


def test_the_command_on_a_real_gradebook(tmp_path):
    """The example of the documentation."""
    course = make_course(tmp_path / "course")
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as gradebook:
        for student in ("4321", "4322"):
            gradebook.add_student(student)
            gradebook.add_submission(ASSIGNMENT, student)
            for name, mark in (("test-add", 2.0), ("test-mean", 1.5), ("test-part", 1.0)):
                grade = gradebook.find_grade(name, NOTEBOOK, ASSIGNMENT, student)
                grade.auto_score, grade.needs_manual_grade = mark, False
            essay = gradebook.find_grade("essay", NOTEBOOK, ASSIGNMENT, student)
            essay.manual_score, essay.needs_manual_grade = 4.0, student == "4322"
            parts = {NOTEBOOK: outcomes.empty()}
            outcomes.write(gradebook.db, ASSIGNMENT, student, "", parts)
        gradebook.db.commit()
    sheet, into = tmp_path / "grades.csv", tmp_path / "upload.csv"
    words = ["marksheet", ASSIGNMENT, str(sheet), "--into", str(into), "--course", str(course)]
    assert commands.run(*words).returncode == 2  # there is no such sheet
    sheet.write_text(CANVAS)
    done = commands.run(*words)
    assert done.returncode == 2 and "the assignment out of 11" in done.stderr
    assert not into.exists()
    sheet.write_text(CANVAS.replace("10.00", "11.00"))
    done = commands.run(*words)
    assert done.returncode == 1, done.stderr
    assert "line 5, Sample, Bo (4322): no mark written: graded; awaiting marks by" in done.stderr
    assert "1 marks for Canvas, column 'small (12345)', found 1 by 'ID'" in done.stdout
    assert ",4321,S0001,aexample,Section A,4.00,8.50," in into.read_text()
