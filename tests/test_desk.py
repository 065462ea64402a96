"""The student's desk: copies that are theirs, and a page that knows how far each is."""

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import desk  # noqa: E402


def cell(source: str, kind: str = "markdown", **more) -> dict:
    metadata = {"nbgrader": more.pop("nbgrader")} if "nbgrader" in more else {}
    return {"cell_type": kind, "metadata": metadata, "source": source, **more}


def solution(name: str, source: str = "raise NotImplementedError()") -> dict:
    return cell(source, "code", nbgrader={"grade_id": name, "solution": True, "grade": False})


def check(name: str, **more) -> dict:
    marked = {"grade_id": name, "solution": False, "grade": True, "points": 5}
    return cell("check()", "code", nbgrader=marked, outputs=[], execution_count=None, **more)


def write(path: Path, *cells: dict) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": list(cells)}), encoding="utf-8")
    return path


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "a course – ü"
    write(root / "course" / "00_start.ipynb", cell("# 00 Start\nread [01](01_nets.ipynb)"))
    links = (
        "[task](../release/a1_nets/a1_nets.ipynb#item) [code](../helpers/x.py) [web](https://a.b)"
    )
    links += " [words](glossary.md)"
    write(root / "course" / "01_nets.ipynb", cell("# 01 Nets"), cell(links))
    (root / "course" / "glossary.md").write_text("- **net**: [01](01_nets.ipynb#Nets)")
    (root / "helpers").mkdir()
    (root / "helpers" / "x.py").touch()
    task = [cell("# Assignment 1\n[lecture](../../course/01_nets.ipynb)")]
    task += [solution("one"), check("one-test"), solution("two"), check("two-test")]
    write(root / "release" / "a1_nets" / "a1_nets.ipynb", *task)
    write(root / "release" / "c1_end" / "c1_end.ipynb", cell("# Clinic"), solution("three"))
    return root


def lay(root: Path) -> str:
    desk.lay_out(root)
    desk.write_page(root)
    return (root / "work" / "desk.md").read_text(encoding="utf-8")


def answered(root: Path, *errors: bool) -> None:
    """As many answers of a1 as there are errors, each tested: with an error, or without."""
    path = root / "work" / "a1_nets" / "a1_nets.ipynb"
    notebook = desk.read(path)
    for number, error in enumerate(errors):
        notebook["cells"][1 + 2 * number]["source"] = ["return 1"]
        outputs = [{"output_type": "error"}] if error else []
        notebook["cells"][2 + 2 * number] |= {"execution_count": 7, "outputs": outputs}
    path.write_text(json.dumps(notebook))


def test_copies_lie_in_order_and_their_links_lead_on(course):
    page = lay(course)
    assert "**Next:** [00 Start](00_start.ipynb) (not opened)." in page
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert rows[1] == (
        "| [01 Nets](01_nets.ipynb) | not&nbsp;opened | [Assignment 1](a1_nets/a1_nets.ipynb) | not&nbsp;begun |"
    )
    assert rows[2] == "|  |  | [Clinic](c1_end/c1_end.ipynb) | not&nbsp;begun |"
    text = (course / "work" / "01_nets.ipynb").read_text(encoding="utf-8")
    assert "(a1_nets/a1_nets.ipynb#item)" in text and "(https://a.b)" in text
    assert "(../helpers/x.py)" in text
    words = (course / "work" / "glossary.md").read_text(encoding="utf-8")
    assert "(01_nets.ipynb#Nets)" in words and "(glossary.md)" in text
    assert "(../01_nets.ipynb)" in (course / "work/a1_nets/a1_nets.ipynb").read_text()


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ((True,), "1 of 2 answers written; when last run, 0 tests passed and 1 failed"),
        ((False, True), "2 of 2 answers written; when last run, 1 test passed and 1 failed"),
        ((False, False), "2 of 2 answers written; when last run, 2 tests passed and 0 failed"),
    ],
)
def test_the_page_knows_answers_and_tests(course, errors, said):
    lay(course)
    answered(course, *errors)
    assert said in lay(course)


def test_a_date_is_shown_by_the_clock_of_this_machine(course, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    (course / "release" / "due.json").write_text('{"a1_nets": "2026-12-01T22:59:00+00:00"}')
    page = lay(course)
    assert (
        "| due Wed 02 Dec 2026, 04:44 +0545: not&nbsp;begun |" in page and page.count("due ") == 1
    )
    for odd in ("[]", "{", '{"a1_nets": 3}', '{"a1_nets": "tomorrow"}'):
        (course / "release" / "due.json").write_text(odd)
        assert "due " not in lay(course)
    monkeypatch.undo()
    time.tzset()


def test_what_was_changed_is_kept_and_what_was_not_is_renewed(course):
    lay(course)
    answered(course, True)
    mine = (course / "work" / "a1_nets" / "a1_nets.ipynb").read_bytes()
    write(course / "release" / "a1_nets" / "a1_nets.ipynb", cell("# Assignment 1, mended"))
    write(course / "course" / "00_start.ipynb", cell("# 00 Start, mended"))
    page = lay(course)
    assert (course / "work" / "a1_nets" / "a1_nets.ipynb").read_bytes() == mine
    assert "a newer version is in the course" in page
    assert "mended" in (course / "work" / "00_start.ipynb").read_text()


def test_an_own_file_of_that_name_is_never_overwritten(course):
    own = write(course / "work" / "00_start.ipynb", cell("mine"))
    lay(course)
    assert desk.read(own)["cells"][0]["source"] == "mine"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("submitted/me/a1_nets/a1_nets.ipynb", "handed&nbsp;in"),
        ("exchange/c/inbound/me+a1_nets+2026-11-28 10:00:00 UTC+x/a1_nets.ipynb", "handed&nbsp;in"),
        (
            "feedback/me/a1_nets/a1_nets.html",
            "marked: [feedback](../feedback/me/a1_nets/a1_nets.html)",
        ),
    ],
)
def test_what_was_handed_in_or_marked_is_told(course, made, said):
    lay(course)
    write(course / made)
    assert f"[Assignment 1](a1_nets/a1_nets.ipynb) | {said} |" in lay(course)


def test_marks_of_a_class_are_not_taken_for_ones_own(course):
    lay(course)
    for student in ("ana", "zoe"):
        write(course / "feedback" / student / "a1_nets" / "a1_nets.html")
        write(course / "submitted" / student / "c1_end" / "c1_end.ipynb")
    page = lay(course)
    assert "marked:" not in page and "handed&nbsp;in |" not in page
    write(course / "feedback" / "me" / "a1_nets" / "a1_nets.html")
    assert "marked: [feedback](../feedback/me/a1_nets/a1_nets.html)" in lay(course)


def test_all_done(course):
    lay(course)
    for name in ("00_start", "01_nets"):
        write(course / "work" / f"{name}.ipynb", cell("run"))
    for name in ("a1_nets", "c1_end"):
        write(course / "submitted" / "me" / name / "x.ipynb")
    assert "**All done.**" in lay(course)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}'])
def test_a_copy_that_is_no_notebook_any_more_is_told(course, text):
    lay(course)
    (course / "work" / "a1_nets" / "a1_nets.ipynb").write_text(text)
    assert "cannot be read: is it still a notebook?" in lay(course)


def test_a_save_in_work_writes_the_page_and_nothing_else_does(course):
    lay(course)
    manager = SimpleNamespace(root_dir=str(course))
    page = course / "work" / "desk.md"
    page.unlink()
    desk.after_save({"type": "file"}, str(course / "work" / "x.txt"), manager)
    desk.after_save({"type": "notebook"}, str(course / "course" / "00_start.ipynb"), manager)
    assert not page.exists()
    answered(course, True)
    saved = str(course / "work" / "a1_nets" / "a1_nets.ipynb")
    desk.after_save({"type": "notebook"}, saved, manager)
    assert "1 of 2 answers written" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["python3", "ir", None])
def test_a_save_leaves_the_kernel_as_it_is_stored(name):
    told = {"language_info": {"name": "python", "version": "3.11.7"}}
    told |= {"kernelspec": {"name": name}} if name else {}
    model = {"type": "notebook", "content": {"metadata": {"widgets": 1, **told}}}
    desk.before_save(model, path="x.ipynb", contents_manager=None)
    kept = desk.KERNEL if name == "python3" else told
    assert model["content"]["metadata"] == {"widgets": 1, **kept}
    desk.before_save({"type": "directory"}, path="x")


def test_the_course_itself_can_be_laid_out(tmp_path):
    for name in ("course", "release"):
        (tmp_path / name).symlink_to(ROOT / name)
    page = lay(tmp_path)
    laid = {p.relative_to(tmp_path / "work").as_posix() for p in tmp_path.glob("work/**/*.ipynb")}
    given = {p.name for p in [*ROOT.glob("course/*.ipynb"), *ROOT.glob("release/*/*.ipynb")]}
    assert {Path(name).name for name in laid} == given
    assert all(f"({name})" in page for name in laid)
