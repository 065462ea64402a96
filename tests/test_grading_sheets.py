"""Sheets of markers: nameless, read as spreadsheets leave them, refused whole where anything is wrong."""

from pathlib import Path

import markroom
import nbformat
import pytest
from classroom import NOTEBOOK
from markroom import SCHEME, read, write
from nbgrader.utils import is_grade, is_solution

from grading import sheets
from grading.course import CourseError

template, room, three = markroom.template, markroom.room, markroom.three  # fixtures
SOURCE = Path(__file__).resolve().parents[1] / "source"


def test_the_rubric_is_a_checklist_where_it_makes_up_the_points():
    lines = [("numbers. A has 50, and B has 20.", 3.0), ("the choice.", 1.0)]
    assert sheets.rubric(SCHEME, 8)[:2] == lines
    assert [most for _, most in sheets.rubric(SCHEME, 8)] == [3, 1, 4]
    assert sheets.rubric(SCHEME, 4) == sheets.rubric("Why?", 4) == [("the whole answer", 4)]


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_the_courses_own_rubrics_do(path):
    cells = nbformat.read(path, as_version=4).cells
    for before, cell in zip(cells, cells[1:], strict=False):
        if is_grade(cell) and is_solution(cell):
            points = cell.metadata.nbgrader.points
            lines = sheets.rubric(before.source, points)
            assert len(lines) > 2 and sum(most for _, most in lines) == points


def test_a_sheet_and_its_page_say_nothing_of_who_it_is(room):
    room.hand_in(
        "s00", "By Ana Example (S00): **bold** $x^2$\x07 <script>alert(1)</script>", "=1+1"
    )
    out = room.root / "out"
    room.run(to=["bo"], into=out)
    page, rows = (out / "bo.html").read_text("utf-8"), read(out / "bo.csv")
    sheet = (out / "bo.csv").read_text("utf-8-sig")
    assert rows[-3]["text"].startswith("By [name] ([name]): **bold**") and "\x07" not in sheet
    for text in (page, sheet):
        assert not any(name in text.casefold() for name in ("ana", "example", "s00"))
    assert "<strong>bold</strong>" in page and "<math" in page and "<script>" not in page
    assert "half of them where" in page and "MARK SCHEME" not in page
    assert {row["answer"].split("-")[0] for row in rows} == set(room.whose()) and rows[-3][
        "answer"
    ] in page
    assert [row["text"] for row in rows if row["item"] == "work/how"] == ["'=1+1"]


def test_a_comment_with_a_name_is_used_again(three):
    out = three.root / "out"
    said = {"s00": "#units: Divide by the bytes.", "s01": "#units", "s02": "as typed: #units"}
    three.fill(out / "ana.csv", lambda s, name, line: (1, said[s] if line == 2 else ""))
    three.run(read=[out / "ana.csv"])
    assert three.marks()["s00"] == three.marks()["s01"] == (3.0, "Divide by the bytes.")
    assert three.marks()["s02"] == (3.0, "as typed: #units")
    three.hand_in("s09", "late")
    three.run(to=["bo"], into=out)
    assert "<code>#units</code></dt><dd>Divide by the bytes." in (out / "bo.html").read_text()
    three.fill(out / "bo.csv", lambda s, name, line: (1, "#units: Something else."))
    with pytest.raises(CourseError, match="#units has two texts"):
        three.run(read=[out / "bo.csv"])
    three.fill(out / "bo.csv", lambda s, name, line: (1, "#unit"))
    with pytest.raises(CourseError, match="no comment is called #unit: write it once"):
        three.run(read=[out / "bo.csv"])


def test_what_a_spreadsheet_makes_of_it(three):
    """Semicolons, decimal commas, blanks, UTF-16 and rows in another order."""
    out = three.root / "out"
    rows = read(out / "ana.csv")
    for row in rows:
        row |= {"points": " 0,5 ", "comment": "größer"} if row["line"] == "1" else {"points": "1"}
    write(out / "ana.csv", rows[::-1], delimiter=";", encoding="utf-16")
    three.run(read=[out / "ana.csv"])
    assert set(three.marks().values()) == {(2.5, "größer")} and len(three.marks("how")) == 3


def _twice(rows):
    rows.append(rows[0])


WRONG = {  # what is done to the sheet -> what is said
    "above": (lambda rows: rows[0].update(points="4.5"), "line 1: '4.5' is no number from 0 to 4"),
    "below": (lambda rows: rows[0].update(points="-1"), "'-1' is no number"),
    "nan": (lambda rows: rows[0].update(points="nan"), "'nan' is no number"),
    "date": (lambda rows: rows[0].update(points="1. May"), "'1. May' is no number"),
    "half": (
        lambda rows: rows[4].update(points="", comment="?"),
        "line 2: nothing is no number from 0 to 1",
    ),
    "unknown": (lambda rows: rows[0].update(answer="bbbbbb-1"), "bbbbbb-1: no answer that was"),
    "other": (
        lambda rows: rows[0].update(item="work/why"),
        "an answer to work/how, not to work/why",
    ),
    "line": (lambda rows: rows[4].update(line="9"), "has 3 lines, of which some are not here"),
    "no line": (lambda rows: rows[4].update(line="x"), "line 6: line 'x' of 'work/why' is not as"),
    "twice": (_twice, "is not as it was handed out, or twice"),
    "gone": (lambda rows: rows.pop(4), "has 3 lines, of which some"),
    "empty": (lambda rows: [row.update(points="") for row in rows], "nothing new is filled in"),
    "column": (lambda rows: [row.pop("line") for row in rows], "it has no column line"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_sheet_that_is_wrong_changes_nothing(three, case):
    path = three.root / "out" / "ana.csv"
    three.fill(path, lambda s, name, line: 1)
    rows = read(path)
    WRONG[case][0](rows)
    write(path, rows)
    with pytest.raises(CourseError, match=WRONG[case][1].replace(".", r"\.")):
        three.run(read=[path])
    assert three.marks() == {} and "0 of 6" in three.run()


def test_what_changed_since_it_was_handed_out_is_refused(three):
    path = three.root / "out" / "ana.csv"
    three.fill(path, lambda s, name, line: 1)
    three.hand_in("s01", "another answer", "how by 3 answer 1")
    with three.gradebook() as book:
        grade = book.find_grade("why", NOTEBOOK, "essays", "s02")
        grade.manual_score, grade.needs_manual_grade = 7.0, False
        book.db.commit()
    with pytest.raises(CourseError) as refused:
        three.run(read=[path])
    assert str(refused.value).count("another answer now") == 1
    assert str(refused.value).count("marked elsewhere since") == 1
    assert three.marks() == {"s02": (7.0, None)}
    for student in ("s00", "s01"):
        three.hand_in(student, f"of the others {student}", assignment="others")
    with pytest.raises(CourseError, match="of another assignment, essays"):
        three.run("others", read=[path])
    three.run(to=["ana"], into=three.root / "new")  # without s02's, and s01's new answer
    path = three.root / "new" / "ana.csv"
    assert len({row["answer"] for row in read(path)}) == 5
    three.fill(path, lambda s, name, line: 1)
    three.names["why"] = 9.0
    with pytest.raises(CourseError, match="worth other points now"):
        three.run(read=[path])
    three.names["why"] = 8.0
    three.run(read=[path])
    assert three.marks() == {"s00": (3.0, None), "s01": (3.0, None), "s02": (7.0, None)}
    with three.gradebook() as book:  # somebody looks again, in the formgrader
        book.find_grade("why", NOTEBOOK, "essays", "s00").manual_score = 5.0
        book.db.commit()
    three.run(undo=True)
    assert three.marks() == {"s00": (5.0, None), "s02": (7.0, None)}
