"""Feedback pages in a zip as Moodle and Canvas want it back: read there as their sources read it."""

import io
import re
import zipfile
from types import SimpleNamespace

import commands
import pytest
from classroom import ASSIGNMENT, NOTEBOOK, make_course, solve
from nbgrader.api import Gradebook
from test_grading_platforms import BLACKBOARD, CANVAS, CLASS, MOODLE, row

from grading import collect, outcomes, upload
from grading.course import CourseError

DOWNLOAD = [
    "exampleana_4321_98765_work-1.ipynb",
    "exampleana_4321_98766_tools.py",
    "müllerbo_LATE_4322_98767_work.ipynb",
    "__MACOSX/._müllerbo_LATE_4322_98767_work.ipynb",
    "twincy_4323_98768_all.zip",
]
PAGES = ["4321", "4322", "4323"]


def person(name: str, email: str = "", number: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(id=name, email=email, lms_user_id=number)


class Desk:
    """Pages of students, and what they are packed as."""

    def __init__(self, folder):
        self.folder, self.pages = folder, {}

    def page(self, student: str, *names: str) -> None:
        where = self.folder / "feedback" / student
        where.mkdir(parents=True)
        for name in names or ("work.html",):
            (where / name).write_text(f"{student} {name}")
        self.pages[student] = sorted(where.iterdir())

    def pack(self, text: str | list[str], rows=CLASS, people=None, scale=False) -> dict[str, str]:
        """The zip, name -> text; what is amiss is kept."""
        path = self.folder / "names"
        if isinstance(text, str):
            path.write_text(text)
        else:
            with zipfile.ZipFile(path, "w") as file:
                for name in text:
                    file.writestr(name, "")
        for student in [] if self.pages else [one["student"] for one in rows]:
            self.page(student)
        people = people or [person(one["student"]) for one in rows]
        places = upload.Places(path, rows, people, scale)
        data, self.packed, self.amiss = upload.pack(places, self.pages)
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return {name: file.read(name).decode() for name in file.namelist()}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def moodle_reads(path: str) -> tuple[int, str] | None:
    """The participant and the file that Moodle sees, old (five pieces) and new (four at least)."""
    parts = path.split("/")
    while parts:
        pieces = parts.pop(0).split("_", 4)
        if (
            len(pieces) == 5
            and pieces[1].isdecimal()
            and pieces[2:4] == ["assignsubmission", "file"]
        ):
            return int(pieces[1]), "/".join([pieces[4], *parts]).strip("/")
    return None


def canvas_reads(path: str) -> tuple[str, ...] | None:
    """The user and the handed-in file that Canvas sees."""
    pieces = path.split("/")[-1].split("_")
    found = tuple(piece for piece in pieces if re.fullmatch(r"\d+", piece))[:2]
    return None if path.startswith("._") or pieces[-1].startswith("link") else found


def test_moodle_gives_every_page_to_its_participant(desk):
    found = {moodle_reads(name): text for name, text in desk.pack(MOODLE).items()}
    want = {123: "4321", 124: "4322", 125: "4323"}
    assert found == {(number, "work.html"): f"{who} work.html" for number, who in want.items()}
    assert desk.amiss == [] and desk.packed == 3


def test_moodle_finds_people_by_name_mail_and_number_and_names_who_is_missing(desk):
    sheet = MOODLE.replace("Cy Twin", "Bo Sample").replace("Ana Example", "A_na/Ex\u00e4mple")
    rows = [row("ana", 1.0), row("Bo Sample 124", 1.0), row("Bo Sample 125", 1.0), row("dee", 1.0)]
    found = desk.pack(sheet, rows, [person("ana", "ANA@example.org"), *map(person, PAGES)])
    assert {moodle_reads(name)[0]: text.split(" work")[0] for name, text in found.items()} == {
        123: "ana",
        124: "Bo Sample 124",
        125: "Bo Sample 125",
    }
    assert any(name.startswith("A na Ex\u00e4mple_123_") for name in found)
    assert desk.amiss == ["dee is not in the zip: no place there is surely theirs"]


def test_moodle_without_names(desk):
    lines = [re.sub(r'^("[^"]*"),"[^"]*",[^,]*,[^,]*', r"\1", one) for one in MOODLE.splitlines()]
    sheet = "\n".join(["Identifier" + lines[0].split('address"')[1], *lines[1:]])
    rows = [row(f"Participant {number}", 1.0) for number in (123, 124, 125)]
    assert sorted(moodle_reads(name)[0] for name in desk.pack(sheet, rows)) == [123, 124, 125]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("4323", "4322", "4322: two participants"),
        ("Participant 124", "Participant", "without a participant's number"),
        ("bo@example.org", "4321", "4321 or 4322?"),
    ],
)
def test_whoever_is_not_surely_the_one_gets_no_page_of_anybody(desk, old, new, says):
    more = MOODLE.splitlines(True)[-1].replace("125", "126").replace("4323", "4324")
    sheet = MOODLE.replace(old, new) + more.replace("Cy", "Di").replace("cy@", "di@")
    found = desk.pack(sheet, [*CLASS, row("4324", 1.0)])
    assert any(says in line for line in desk.amiss), desk.amiss
    for name, text in found.items():
        assert text.startswith(
            {123: "4321", 124: "4322", 125: "4323", 126: "4324"}[moodle_reads(name)[0]]
        )
    assert 2 <= len(found) < 4 and sum("is not in the zip" in line for line in desk.amiss) >= 1


def test_canvas_gives_every_page_to_the_file_it_is_about(desk):
    for student in PAGES:
        desk.page(student)
    found = {canvas_reads(name): text for name, text in desk.pack(DOWNLOAD).items()}
    assert found == {
        ("4321", "98765"): "4321 work.html",
        ("4322", "98767"): "4322 work.html",
        ("4323", "98768"): "4323 work.html",
    }


def test_canvas_by_the_number_that_the_gradebook_knows_and_pages_of_any_name(desk):
    desk.page("ana", "work.html", "b_link.html")
    found = desk.pack(DOWNLOAD[:2], [row("ana", 1.0)], [person("ana", number="4321")])
    assert [canvas_reads(name) for name in found] == [("4321", "98765")] * 2
    assert sorted(found.values()) == ["ana b_link.html", "ana work.html"]


@pytest.mark.parametrize("name", ["anon_4323_98768_work.ipynb", "LATE_anon_4323_9_a.py"])
def test_a_file_that_canvas_would_misread_is_reported(desk, name):
    found = desk.pack([*DOWNLOAD[:3], name])
    assert {canvas_reads(one)[0] for one in found} == {"4321", "4322"}
    assert f"{name}: Canvas would take it for another's, or nobody's" in desk.amiss
    assert any(line.startswith("4323 is not in the zip") for line in desk.amiss)


def test_a_number_in_a_name_is_read_as_canvas_reads_it(desk):
    name = "twin_2_4323_98768_work.ipynb"
    assert canvas_reads(name) == ("2", "4323")
    assert len(desk.pack([*DOWNLOAD[:3], name])) == 2
    assert desk.amiss == ["4323 is not in the zip: no place there is surely theirs"]


def test_two_students_for_one_number(desk):
    rows = [*CLASS, row("ana", 1.0)]
    people = [*map(person, PAGES), person("ana", number="4321")]
    assert len(desk.pack(DOWNLOAD, rows, people)) == 2
    assert any("two students: 4321, ana" in line for line in desk.amiss)


REFUSED = {
    "another maximum": (MOODLE.replace("10.00", "20.00"), "out of 20.00, the assignment out of 10"),
    "another course": (MOODLE.replace("432", "999"), "of 3 students with pages 0 are among the 3"),
    "another download": (
        ["x_1_2_a.py", "y_2_2_a.py"],
        "of 3 students with pages 0 are among the 2",
    ),
    "Canvas's gradebook": (CANVAS, "take the zip of Download Submissions"),
    "Blackboard": (BLACKBOARD, "Blackboard takes no zip"),
    "Blackboard's download": (
        ["HW 1_bsample_attempt_2026-03-03-14-15-04_work.ipynb"],
        "Blackboard takes no zip",
    ),
    "Moodle's download": (
        ["Team Red_55_assignsubmission_file/work.ipynb"],
        "may be those of groups",
    ),
    "something else": ("a,b\n1,2\n", "not understood"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_names_that_cannot_be_used_are_refused(desk, case):
    text, says = REFUSED[case]
    with pytest.raises(CourseError, match=says):
        desk.pack(text)


def test_the_command(tmp_path):
    """The example of the documentation; a folder of submissions, as Canvas packed them."""
    import nbformat

    course, out = make_course(tmp_path / "course"), tmp_path / "out.zip"
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as gradebook:
        for student in ("4321", "mailed"):
            gradebook.add_student(student)
            gradebook.add_submission(ASSIGNMENT, student)
            outcomes.write(gradebook.db, ASSIGNMENT, student, "", {NOTEBOOK: outcomes.empty()})
            folder = course / "autograded" / student / ASSIGNMENT
            folder.mkdir(parents=True)
            nbformat.write(solve(course), folder / f"{NOTEBOOK}.ipynb")
        gradebook.db.commit()
    (tmp_path / "names").mkdir()
    for name in DOWNLOAD[:2]:
        (tmp_path / "names" / name).write_text("")
    words = ["feedback", ASSIGNMENT, "--course", str(course), "--zip", str(out)]
    done = commands.run(*words)
    assert done.returncode == 2 and "--zip OUT.zip and --names FILE go together" in done.stderr
    done = commands.run(*words, "--names", str(tmp_path / "nowhere"))
    assert done.returncode == 2 and not (course / "feedback").exists() and not out.exists()
    done = commands.run(*words, "--names", str(tmp_path / "names"))
    assert done.returncode == 1 and "mailed is not in the zip" in done.stderr, done.stderr
    assert "the pages of 1 students for Canvas" in done.stdout
    with zipfile.ZipFile(out) as file:
        assert file.namelist() == ["exampleana_4321_98765_feedback-work.html"]
        page = course / "feedback" / "4321" / ASSIGNMENT / "work.html"
        assert file.read(file.namelist()[0]) == page.read_bytes()
    before = out.read_bytes()
    done = commands.run(*words, "--names", str(tmp_path / "names"))
    assert done.returncode == 2 and "is there already" in done.stderr
    assert out.read_bytes() == before and sorted(tmp_path.iterdir()) == sorted(
        [course, tmp_path / "names", out]
    )


def test_names_in_any_alphabet_are_collected():
    assert collect.CANVAS.fullmatch("м\u00fcller_4321_98765_w.ipynb")["user"] == "4321"
    assert not collect.CANVAS.fullmatch("ana_\u0664\u0663_98765_w.ipynb")
