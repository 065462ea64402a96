"""A page for everybody, whatever an output is; and marks that say what they are."""

import csv
import io
import json
import os
import random
import signal
from html.parser import HTMLParser
from types import SimpleNamespace

import classroom
import pytest
from classroom import ASSIGNMENT, find
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook

from grading import cells, driver, feedback, outcomes, outputs, overview, report, verdicts

DEEP: list = []
for _ in range(480):
    DEEP = [DEEP]
PNG = "aGVsbG8="


def display(data, metadata=None) -> dict:
    return {"output_type": "display_data", "data": data, "metadata": metadata or {}}


# the outputs of a cell, and what the page must say
OUTPUTS = {
    "wrong metadata": ([display({"image/png": PNG}, {"image/png": 5})], PNG),
    "metadata a list": ([display({"image/png": PNG}, [1])], PNG),
    "width is text": ([display({"image/png": PNG}, {"image/png": {"width": "x>"}})], PNG),
    "no data": ([{"output_type": "display_data"}], "an output without any data"),
    "data a number": ([display(5)], "an output without any data"),
    "picture a number": ([display({"image/png": 5})], "&#39;image/png&#39; in an output could not"),
    "picture is no base64": ([display({"image/png": "&&"})], "a picture that is not base64"),
    "picture too large": ([display({"image/png": "A" * (9 << 20)})], "larger than 8 MB"),
    "unknown kind": ([display({"application/x-odd": "x"})], "application/x-odd: data of this kind"),
    "text a list": ([display({"text/plain": ["so ", "said"]})], "so said"),
    "text of numbers": ([display({"text/plain": [1, 2]})], "could not be read"),
    "deep JSON": ([display({"application/json": DEEP})], "&#39;application/json&#39; in an output"),
    "script": (
        [display({"text/html": "<b onload=x>yes</b><script>evil()</script>"})],
        "<b>yes</b>",
    ),
    "ends the page": ([display({"text/html": "</div></main></body><plaintext>so"})], ">so</div>"),
    "svg": (
        [display({"image/svg+xml": "<svg><script>evil()</script></svg>"})],
        "data:image/svg+xml",
    ),
    "javascript": ([display({"application/javascript": "evil()"})], "application/javascript: data"),
    "not an output": ([None, 5, "x", []], "an output of no known type"),
    "no type": ([{"text": "x"}], "an output of no known type"),
    "old type": ([{"output_type": "pyout", "text": "x"}], "an output of no known type"),
    "stream without text": ([{"output_type": "stream"}], "an output of no known type"),
    "error of numbers": ([{"output_type": "error", "ename": 5, "traceback": [1, "so"]}], "so"),
    "colours": (
        [{"output_type": "stream", "name": "stdout", "text": "\x1b[31m" * 10**5}],
        "left out",
    ),
    "odd colours": ([{"output_type": "stream", "text": "\x1b[38;5;999m\x1b[;;m\x1b[x o!k"}], "o!k"),
    "many": (
        [{"output_type": "stream", "name": "stdout", "text": "x"}] * 5000,
        "4800 more outputs",
    ),
    "surrogates": ([{"output_type": "stream", "text": "a\ud800b"}], "a?b"),
    "latex": ([display({"text/latex": "$" * 20_000})], "text/latex: longer than"),
    "markdown": ([display({"text/markdown": "\\begin{a}" * 900})], "begin{a}"),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which every kind of output was autograded, one student each."""
    root = classroom.make_course(tmp_path_factory.mktemp("feedback") / "course")
    nb = classroom.solve(root)
    for each in nb.cells:
        each.metadata.setdefault("nbgrader", {})
    with Gradebook(f"sqlite:///{root}/gradebook.db", "bench") as gradebook:
        known = cells.definition(gradebook.find_notebook("work", ASSIGNMENT), None)[0]
        for number, name in enumerate(OUTPUTS):
            grade(gradebook, f"s{number}", known)
            made = json.loads(json.dumps(nb))
            at = nb.cells.index(find(nb, "test-add"))
            made["cells"][at]["outputs"] = OUTPUTS[name][0]
            folder = root / "autograded" / f"s{number}" / ASSIGNMENT
            folder.mkdir(parents=True)
            (folder / "work.ipynb").write_text(json.dumps(made))
        gradebook.db.commit()
    return root


def grade(gradebook, student: str, known, **scores: float) -> None:
    gradebook.update_or_create_student(student)
    submission = gradebook.update_or_create_submission(ASSIGNMENT, student)
    for mark in submission.notebooks[0].grades:
        mark.auto_score = scores.get(mark.name.replace("-", "_"), 2.0)
        mark.needs_manual_grade = mark.name == "essay"
    submission.notebooks[0].comments[0].auto_comment = "No response."  # as the verdict says
    part = outcomes.whole(outcomes.GRADED, []) | {"version": cells.version(known)}
    outcomes.write(gradebook.db, ASSIGNMENT, student, "0", {"work": part})


@pytest.fixture(scope="module")
def pages(course):
    command = SimpleNamespace(assignment=ASSIGNMENT, zip=None, names=None)
    assert feedback.feedback(driver.Course(course), command) == 0
    folder = course / "feedback"
    return {n: (folder / f"s{i}" / ASSIGNMENT / "work.html") for i, n in enumerate(OUTPUTS)}


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_page_for_everybody(pages, name):
    page = pages[name].read_text("utf-8")
    assert OUTPUTS[name][1].replace("&#39;", "'") in page.replace("&#39;", "'"), page[-6000:]
    assert "evil()" not in page and "<b>8</b> of 11 points" in page and "page is plain" not in page
    assert "script-src 'none'" in page and "No response." not in page
    assert page.count("</main>") == page.count("</body>") == 1


class Elements(HTMLParser):
    """Fails where an end tag ends another element than the last that has begun."""

    inside = ()

    def handle_starttag(self, tag, attributes):
        self.inside = [*self.inside, tag] if tag not in outputs.VOID | {"p"} else self.inside

    def handle_endtag(self, tag):
        assert tag == "p" or self.inside.pop() == tag


def test_shown_html_ends_what_it_begins_and_nothing_else():
    draw = random.Random(1)
    pieces = ["<b>", "</b>", "<i/>", "<div>", "</div>", "<p>", "<br>", "<svg>", "</svg>", "x"]
    pieces += ["<script>", "</script>", "</section>", "<plaintext>", "<img src=a/>", "<body a=b>"]
    for _ in range(500):
        shown = outputs.harmless("".join(draw.choices(pieces, k=8)))
        (reader := Elements()).feed(shown)
        assert not reader.inside and "plaintext" not in shown
        assert outputs.harmless(shown) == shown
    assert outputs.harmless("<svg><a/><b c=/></svg>") == "<svg><a></a><b c=/></b></svg>"
    assert outputs.harmless("<ul><li>a<li>b</ul><p>c") == "<ul><li>a<li>b</li></li></ul><p>c"
    for runs in ("\x01javascript:x", "java\tscript:x", " &#1;javascript:x"):
        assert outputs.harmless(f'<a href="{runs}">b</a>') == "<a>b</a>"
    moves = '<a><animate attributeName=href values="x;javascript:y"/>b</a>'
    assert outputs.harmless(moves) == "<a>b</a>"


def test_pages_are_written_again_only_where_something_changed(course, pages, capsys):
    before = {name: path.stat().st_mtime_ns for name, path in pages.items()}
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, "s1")
        comment = next(c for n in submission.notebooks for c in n.comments if c.name == "essay")
        comment.manual_comment = "Well argued."
        gradebook.db.commit()
    pages["colours"].unlink()
    command = SimpleNamespace(assignment=ASSIGNMENT, zip=None, names=None)
    assert feedback.feedback(driver.Course(course), command) == 0
    after = {name: path.stat().st_mtime_ns for name, path in pages.items()}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {list(OUTPUTS)[1], "colours"}
    assert "Well argued." in pages[list(OUTPUTS)[1]].read_text("utf-8")
    assert f"{len(OUTPUTS) - 2} had theirs" in capsys.readouterr().out


def test_a_page_says_what_became_of_each_item(course, tmp_path):
    def verdict(**output):
        at = next(c for c in nb.cells if c.metadata.nbgrader.get("grade_id") == "test-add")
        at.outputs = [NotebookNode(output_type="error", traceback=[], **output)] if output else []
        at.metadata.nbgrader |= {"score": 0.0 if output else 2.0, "points": 2.0}
        return verdicts._verdict(at, "1 Add", set())

    nb = classroom.solve(course)
    for each in nb.cells:
        each.metadata.setdefault("nbgrader", NotebookNode())
    told = verdict(
        ename="Wrong", evalue="\nTried:    f(1)\nExpected: 2\nCame:     3\n  or 4\nLikely:   <b>"
    )
    assert told["lines"][:3] == [("Tried", "f(1)"), ("Expected", "2"), ("Came", "3\nor 4")]
    assert told["state"] == "none" and told["cause"] == "<b>" and told["lost"] == 2
    assert verdict(ename="KeyError", evalue="'x'")["cause"] == "KeyError: 'x'"
    assert verdict(ename="NotImplementedError", evalue="")["state"] == "blank"
    assert verdict()["state"] == "full" and verdict()["cause"] == ""
    assert verdicts._heading("x\n## Item 1: `add` (6 points, by hand)") == "Item 1: `add`"
    waiting = verdicts._verdict(find(nb, "essay"), "2 Why", {"essay"})
    assert waiting["state"] == "waits" and waiting["title"] == "2 Why"


def test_the_class_has_a_page_of_its_own():
    def row(student, score, **more):
        found = {"student": student, "state": "graded", "score": score, "max_score": 10.0}
        found |= {"by_hand": 0, "older_version": [], "late_seconds": 0, "reasons": []}
        found |= {"evidence": [], "items": {"work/<i>": score}, "points": {"work/<i>": 10.0}}
        return found | more

    found = [row("a", 10.0), row("<b>", 0.0), row("c", 4.0), row("d", 5.0, by_hand=1)]
    found += [row("e", None, state="not gradable", reasons=["no <u>"], items={})]
    pages = {"a": ["a/work/w#1.html"], "<b>": [], "c": [], "d": [], "e": []}
    made = overview.page("work", found, pages, "now", {"work/<i>": "3. A <sum>"})
    assert '<td>3. A &lt;sum&gt;<br><span class="soft">work/&lt;i&gt;</span></td>' in made
    assert "median is <b>4.5</b> of 10" in made and "5 students, 4 with marks" in made
    assert 'href="a/work/w%231.html"' in made and "&lt;b&gt;" in made and "no &lt;u&gt;" in made
    assert "<b>:" not in made and "<i>" not in made
    assert "d</a>: graded; awaiting marks by hand" in made
    assert [bar["count"] for bar in overview.histogram(found[:4])] == [1, 0, 0, 0, 1, 1, 0, 0, 0, 1]
    assert '<td class="points">48 %</td>' in made.replace("\n", "")  # the item's mean: 4.75 of 10
    assert overview.page("work", [], {}, "now", {})  # nobody yet
    found = [row(f"s{n}", 5.0, by_hand=1) for n in range(30)]
    made = overview.page("work", found, {r["student"]: [] for r in found}, "now", {})
    assert "30 students: graded; awaiting marks by hand</summary><a href" in made


@pytest.mark.parametrize("fails", ["page", "page and plain page"])
def test_a_plain_page_where_the_usual_one_cannot_be_made(course, pages, fails):
    path = course / "autograded" / "s0" / ASSIGNMENT / "work.ipynb"
    # as if its time were up
    converter = SimpleNamespace(page=lambda path: os.kill(os.getpid(), signal.SIGXCPU))
    if fails != "page":
        path = path.with_name("broken.ipynb")
        path.write_text("{")
    known = {
        "score": 1.5,
        "max_score": 2,
        "items": [["test-add", 1.5, 2]],
        "comments": [["c", "<b>"]],
    }
    page, why = feedback.make(converter, path, known)
    assert "s of computing time" in why and "page is plain" in page
    assert "Score: 1.5 / 2" in page and "test-add" in page and "c: &lt;b&gt;" in page
    assert ("def add" in page) == (fails == "page") and "BEGIN HIDDEN" not in page


ODD = ['a,b "c"', "Zoë\nnew line", "=1+1", "+1", "-1", "@x", "'quoted'", "semi;colon", "ünï"]


@pytest.fixture
def marked(tmp_path, monkeypatch):
    root = classroom.make_course(tmp_path / "course")
    monkeypatch.chdir(root)
    with Gradebook(f"sqlite:///{root}/gradebook.db", "bench") as gradebook:
        known = cells.definition(gradebook.find_notebook("work", ASSIGNMENT), None)[0]
        for student in ODD:
            grade(gradebook, student, known, test_add=1.25)
            gradebook.update_or_create_student(student, first_name='O, "x"', last_name="=y")
        gradebook.db.commit()
    return root


def safe(text: str) -> str:
    return f"'{text}" if text[0] in "=+-@" else text


def test_csv_is_read_back_as_it_was_written(marked, capsys):
    command = SimpleNamespace(assignment=ASSIGNMENT, format="csv")
    assert report.report(driver.Course(marked), command) == 0
    lines = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [line["student"] for line in lines] == [safe(name) for name in sorted(ODD)]
    assert {line["state"] for line in lines} == {"graded; awaiting marks by hand"}
    assert {line["work/test-add"] for line in lines} == {"1.25"}
    assert {line["work/essay"] for line in lines} == {""}


def test_export_tells_what_marks_are(marked, tmp_path):
    with Gradebook(f"sqlite:///{marked}/gradebook.db", "bench") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2026-01-10 00:00:00")
        gradebook.update_or_create_submission(ASSIGNMENT, "ünï", timestamp="2026-01-10 02:00:00")
        for student in ("ünï", "+1"):
            for mark in gradebook.find_submission(ASSIGNMENT, student).notebooks[0].grades:
                mark.needs_manual_grade = False
        part = outcomes.whole(outcomes.GRADED, []) | {"version": {"test-add": "old", "gone": "x"}}
        outcomes.write(gradebook.db, ASSIGNMENT, "@x", "0", {"work": part})
        gone = outcomes.whole(outcomes.NOT_GRADABLE, ['why, "so"'])
        outcomes.write(gradebook.db, ASSIGNMENT, "-1", "0", {"": gone})
        gradebook.update_or_create_student("never")
        gradebook.db.commit()
        report.StateExporter(to=str(tmp_path / "out.csv")).export(gradebook)
    with open(tmp_path / "out.csv", encoding="utf-8", newline="") as file:
        lines = {line["student_id"]: line for line in csv.DictReader(file)}
    assert set(lines) == {safe(name) for name in [*ODD, "never"]}
    state = {name: line["state"] for name, line in lines.items()}
    assert state["ünï"] == "graded; late" and state["'+1"] == "graded"
    assert state["never"] == "missing" and state["'-1"] == "not gradable"
    assert "of an older version" in state["'@x"] and "awaiting" in state["semi;colon"]
    assert "test-add" in lines["'@x"]["older_version"] and "gone" in lines["'@x"]["older_version"]
    assert lines["'-1"]["score"] == "" and lines["'-1"]["reasons"] == 'why, "so"'
    assert lines["ünï"]["first_name"] == 'O, "x"' and lines["ünï"]["last_name"] == "'=y"
    assert lines["ünï"][f"{ASSIGNMENT}/work/test-add"] == "1.25"


def test_a_flood_of_evidence_is_summarised():
    flood = [f"cell 'x': line {i}" for i in range(10_000)] + ["the same"] * 982 + ["x" * 10**6]
    found = outcomes.condensed(flood)
    assert len(found) <= 22 and max(map(len, found)) < 600 and "more of this kind" in found[-1]
    assert outcomes.condensed(["a", "a", "b"]) == ["a (2 times)", "b"]
