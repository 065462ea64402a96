"""``python -m grading feedback``: a page for everyone, made in a bounded child."""

import hashlib
import json
import os
import sys
from datetime import datetime
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateFeedback

from . import bounded, items, outcomes, outputs, overview, pages, report, upload
from .course import CourseError
from .ends import place
from .platforms import write_new

SECONDS = 15  # of computing time for one page


class _Everyone(GenerateFeedback):
    """GenerateFeedback for one folder at a time, the page made in a bounded child."""

    def init_notebooks(self) -> None:
        self.notebooks, self.assignments = [], {}

    def page(self, path: Path) -> str:
        """nbgrader's page of an autograded notebook."""
        resources = self.init_single_notebook_resources(str(path))
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        data = json.loads(path.read_text("utf-8"))
        data["metadata"] = {"shown": True}
        for cell in data["cells"]:
            if "outputs" in cell:
                cell["outputs"] = outputs.showable(cell["outputs"])
        nb = rejoin_lines(nbformat.from_dict(data))
        return self.exporter.from_notebook_node(nb, resources)[0]

    def warm(self) -> None:
        """Import and compile what every page needs, once and not in each child."""
        self.start()  # makes the exporter
        steps, self.exporter._preprocessors = self.exporter._preprocessors, []
        nb = new_notebook(cells=[new_markdown_cell("# a\n\n$b$"), new_code_cell("print(1)")])
        info = {"notebook": "", "score": 0, "max_score": 0, "late_penalty": 0}
        resources = {"nbgrader": info, "verdicts": [], "verdict_of": {}}
        self.exporter.rendered = 0
        HTMLExporter.from_notebook_node(self.exporter, nb, resources)
        self.exporter._preprocessors = steps


def facts(gradebook: Gradebook, assignment: str) -> dict[str, dict[str, dict]]:
    """student -> notebook -> all that a page says of marks."""
    found = {}
    states = outcomes.read(gradebook.db, assignment)
    for submission in gradebook.assignment_submissions(assignment):
        detail = states.get(submission.student_id, {})
        found[submission.student_id] = {
            notebook.name: {
                "state": detail.get("state"),
                "reasons": detail.get("reasons", []),
                "score": notebook.score - (notebook.late_submission_penalty or 0),
                "max_score": notebook.max_score,
                "late": notebook.late_submission_penalty,
                "items": sorted([g.name, g.score, g.max_score] for g in notebook.grades),
                "comments": sorted([c.name, c.comment or ""] for c in notebook.comments),
            }
            for notebook in submission.notebooks
        }
    return found


def make(converter: _Everyone, path: Path, known: dict) -> tuple[str, str]:
    """The page of a notebook, and why it is a plain one ("" where it is not)."""
    try:
        return bounded.call(converter.page, path, seconds=SECONDS), ""
    except bounded.Overrun as error:
        why = str(error)
    try:
        return bounded.call(pages.plain_page, path, known, why, seconds=SECONDS), why
    except bounded.Overrun:
        return pages.plain_page(path, known, why, with_cells=False), why


def _digest(path: Path, known: dict) -> str:
    """Changes when anything that the page shows does."""
    stamp = hashlib.sha256(path.read_bytes())
    stamp.update(json.dumps(known, sort_keys=True).encode())
    here = Path(__file__).parent
    for part in (here.glob("*.py"), here.glob("templates/page/*")):
        for file in sorted(part):
            stamp.update(file.read_bytes())
    return f"<!-- {stamp.hexdigest()} -->\n"


def _current(page: Path, digest: str) -> bool:
    try:
        with open(page, "rb") as file:
            file.seek(-len(digest), os.SEEK_END)
            return file.read() == digest.encode()
    except OSError:
        return False


def _write(converter: _Everyone, folder: Path, target: Path, known: dict, student: str) -> bool:
    """Write one student's pages, where they are not there as they should be; whether they were."""
    stamps = {
        path: _digest(path, known.get(path.stem, {})) for path in sorted(folder.glob("*.ipynb"))
    }
    if all(_current(target / f"{path.stem}.html", stamp) for path, stamp in stamps.items()):
        return False
    target.mkdir(parents=True, exist_ok=True)
    converter.init_assignment(converter.coursedir.assignment_id, student)  # files beside it
    for path, stamp in stamps.items():
        page, why = make(converter, path, known.get(path.stem, {}))
        if why:
            print(report.printable(f"{student}: a plain page: {why}"), file=sys.stderr)
        _put(target / f"{path.stem}.html", page.rstrip("\n") + "\n" + stamp)
    return True


def _put(path: Path, text: str, odd: str = "replace") -> None:
    """Write a page, whole or not at all."""
    ready = path.with_name(f".{path.stem}.new")
    try:
        ready.write_text(text, "utf-8", odd)
        ready.replace(path)
    finally:
        ready.unlink(missing_ok=True)


def _write_overview(course, name: str, found: list[dict]) -> None:
    """The page of the class, for those who teach it."""
    root = course.root / course.dir.feedback_directory
    pages = {
        row["student"]: [
            str(path.relative_to(root))
            for path in sorted(course.folder("feedback", row["student"], name).glob("*.html"))
        ]
        for row in found
    }
    root.mkdir(parents=True, exist_ok=True)
    made = f"{datetime.now():%Y-%m-%d %H:%M}"
    page = overview.page(name, found, pages, made, items.titles(course, name))
    _put(root / f"{name}.html", page, "backslashreplace")


def feedback(course, arguments) -> int:
    """``python -m grading feedback``: a page for everyone whose work has been graded."""
    name = arguments.assignment
    course.plan(name)  # says what is wrong where there is no such assignment
    course.dir.assignment_id = name
    with course.gradebook() as gradebook:
        known = facts(gradebook, name)
        found, _ = report.everybody(course, gradebook, name)
        places = _places(arguments, found, gradebook.students)
        gradebook.db.get_bind().dispose()  # no child may use a connection of this process
    converter = _Everyone(coursedir=course.dir, config=course.config)
    converter.warm()
    written = same = 0
    folders = course.folders("autograded", name)
    judged = {one["student"] for one in found if one["state"] in outcomes.JUDGED}
    why = "no feedback: no notebook in autograded/; `autograde` grades again"
    failed = [f"{student}: {why}" for student in sorted(judged - set(folders))]
    for student, folder in folders.items():
        target = course.folder("feedback", student, name)
        try:
            done = _write(converter, folder, target, known.get(student, {}), student)
        except OSError as error:
            failed.append(f"{student}: no feedback: {error.strerror}: {place(error)}")
            continue
        written, same = written + done, same + (not done)
    _write_overview(course, name, found)
    root = course.root / course.dir.feedback_directory
    print(f"feedback for {written} student{'s' * (written != 1)} written in {root}")
    print(f"{same} had theirs, and nothing has changed")
    print(f"the class: {root / name}.html")
    if places:
        failed += _zip(course, arguments, places)
    for line in failed:
        print(report.printable(line), file=sys.stderr)
    return 1 if failed else 0


def _places(arguments, found: list[dict], people: list) -> upload.Places | None:
    """Where pages go that are to be packed. Raises CourseError."""
    if bool(arguments.zip) != bool(arguments.names):
        raise CourseError("--zip OUT.zip and --names FILE go together")
    if arguments.zip is None:
        return None
    if arguments.zip.exists():
        raise CourseError(f"{arguments.zip} is there already: name a new file")
    return upload.Places(arguments.names, found, people, arguments.scale)


def _zip(course, arguments, places: upload.Places) -> list[str]:
    """Write the pages of all whose work was graded, for upload; what is amiss."""
    pages = {
        student: sorted(course.folder("feedback", student, arguments.assignment).glob("*.html"))
        for student in course.folders("autograded", arguments.assignment)
    }
    data, packed, amiss = upload.pack(places, pages)
    write_new(arguments.zip, data)
    print(f"the pages of {packed} students for {places.platform}: {arguments.zip}")
    return amiss
