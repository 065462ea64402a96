"""Marks and states of a class, for people and for programs; and what ``nbgrader export`` writes."""

import csv
import json
import sys
from collections.abc import Iterable

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins.export import ExportPlugin

from . import cells, late, outcomes, todo

FIELDS = ["student", "state", "score", "max_score", "by_hand", "late_seconds", "isolated", "apart"]
LISTS = ["older_version", "reasons", "evidence", "notes"]
WAITING = "not graded yet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(gradebook: Gradebook, assignment: str, folders=frozenset()) -> list[dict]:
    """One row for each student: no score, rather than 0, where there is nothing to score.

    folders: of whom there is one under submitted/, graded or not.
    """
    found = outcomes.read(gradebook.db, assignment)
    entry = gradebook.find_assignment(assignment)
    now = {
        notebook.name: cells.version(cells.definition(notebook, None)[0])
        for notebook in entry.notebooks
    }
    ids = sorted({student.id for student in gradebook.students} | set(found) | folders)
    most = entry.max_score
    return [_row(gradebook, assignment, s, found.get(s), most, now, s in folders) for s in ids]


def _row(gradebook, assignment: str, student: str, detail, most, now: dict, here: bool) -> dict:
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        submission = None
    if detail is None or here and detail["state"] == outcomes.MISSING:
        state = WAITING if submission is not None or here else outcomes.MISSING
        detail = {**outcomes.whole(state, []), "parts": {}}
    row = {"student": student, "state": detail["state"], "score": None, "max_score": most}
    row |= {"by_hand": 0, "older_version": [], "raw_score": None, "penalty": None}
    row |= {"items": {}, "points": {}}  # of each item, the mark and how many points it has
    row |= {key: detail[key] for key in ("isolated", "apart", "reasons", "evidence", "notes")}
    row["late_seconds"] = late.seconds(submission) if submission is not None else 0
    if submission is not None and detail["state"] in outcomes.HAVE_MARKS:
        row["raw_score"], row["penalty"] = submission.score, submission.late_submission_penalty or 0
        row["score"] = max(0.0, row["raw_score"] - row["penalty"])
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        row["by_hand"] = sum(bool(grade.needs_manual_grade) for grade in grades)
        for grade in grades:
            name = f"{grade.notebook.name}/{grade.name}"
            row["items"][name] = None if grade.needs_manual_grade else grade.score
            row["points"][name] = grade.max_score
        row["older_version"] = todo.stale(detail, now)
    return row


def everybody(course, gradebook: Gradebook, assignment: str) -> tuple[list[dict], list[str]]:
    """The rows, also of who handed in and is not graded yet; and what was not understood."""
    box = todo.look(course, gradebook, assignment)
    here = {*box.folders, *box.unreadable} - {*course.dir.student_id_exclude.split(",")}
    return rows(gradebook, assignment, here), box.lines()


def standing(row: dict) -> str:
    """What the marks are, in words: nothing but "graded" means that they are final."""
    words = [row["state"]]
    if row["by_hand"]:
        words.append("awaiting marks by hand")
    if row["older_version"]:
        words.append("of an older version of the assignment")
    if row["late_seconds"]:
        words.append("late")
    return "; ".join(words)


def report(course, arguments) -> int:
    """``python -m grading report``"""
    plan = course.plan(arguments.assignment)  # says what is wrong where there is none such
    with course.gradebook() as gradebook:
        found, strange = everybody(course, gradebook, arguments.assignment)
    told = [row | {"standing": standing(row)} for row in found]
    fields = [*FIELDS, *LISTS, *plan.items()]
    if not as_data(arguments.format, told, fields, map(line, found)):
        _table(found)
    for text in strange:
        where = sys.stdout if arguments.format == "table" else sys.stderr
        print(f"not understood: {printable(text)}", file=where)
    return 0


def as_data(kind: str, found, fields: list[str], lines: Iterable[dict]) -> bool:
    """Print what was found as JSON, or its lines with commas; False where a table is asked for."""
    if kind == "json":
        print(json.dumps(found, indent=1))
    elif kind == "csv":
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
        write_csv(sys.stdout, fields, lines)
    else:
        sys.stdout.reconfigure(errors="backslashreplace")
    return kind != "table"


def tally(course, assignment: str, known: dict[str, dict], failed: dict[str, str]) -> str:
    """How many of a class are in each state, or left out of a run of some, or to be tried again."""
    states = [detail["state"] for detail in known.values()]
    counts = [f"{states.count(state)} {state}" for state in outcomes.ORDER]
    later = course.folders("submitted", assignment).keys() - known.keys() - failed.keys()
    counts += [f"{len(later)} {WAITING}"] * bool(later)
    return ", ".join([*counts, f"{len(failed)} to be tried again"])


def line(row: dict, prefix: str = "") -> dict:
    """A row for a file with commas: lists joined, items as columns of their own."""
    flat = {key: value for key, value in row.items() if not isinstance(value, list | dict)}
    flat |= {key: "; ".join(row[key]) for key in LISTS}
    flat |= {prefix + name: score for name, score in row["items"].items()}
    return flat | {"state": standing(row)}


def write_csv(file, fields: list[str], lines: Iterable[dict]) -> None:
    """CSV; what a spreadsheet would take for a formula gets an apostrophe in front."""
    writer = csv.DictWriter(file, fields, extrasaction="ignore", lineterminator="\n")
    writer.writerow({name: plain(name) for name in fields})
    writer.writerows({key: plain(value) for key, value in found.items()} for found in lines)


def plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _table(found: list[dict]) -> None:
    width = max([len(row["student"]) for row in found] + [7])
    print(f"{'student':{width}}  {'state':14}  {'score':>12}  by hand")
    for row in found:
        score = "-" if row["score"] is None else f"{row['score']:g} / {row['max_score']:g}"
        by_hand = row["by_hand"] or ""
        name = printable(row["student"])
        print(f"{name:{width}}  {row['state']:14}  {score:>12}  {by_hand:>7}")
        for key in LISTS:
            for text in row[key]:
                print(f"{'':{width}}    {key.replace('_', ' ')}: {printable(text)}")
        if row["late_seconds"]:
            off = f", {row['penalty']:g} points taken off" if row["penalty"] else ""
            print(f"{'':{width}}    late by {row['late_seconds'] / 3600:.1f} hours{off}")
        if not row["isolated"]:
            print(f"{'':{width}}    graded WITHOUT isolation")
        if not row["apart"]:
            print(f"{'':{width}}    its tests ran TOGETHER with its answers, which can reach them")
    states = [row["state"] for row in found]
    print(", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states)))
    waiting = sum(row["by_hand"] > 0 for row in found)
    older = sum(bool(row["older_version"]) for row in found)
    late = sum(row["late_seconds"] > 0 for row in found)
    print(f"not final: {waiting} awaiting marks by hand, {older} of an older version; {late} late")


def printable(text: str) -> str:
    """A student may have chosen part of it: no control characters reach the terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class StateExporter(ExportPlugin):
    """``nbgrader export``: states, notes and items, and no zeros that nobody earned."""

    COLUMNS = ["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name"]
    COLUMNS += ["email", "raw_score", "late_submission_penalty", "score", "max_score", "state"]

    def export(self, gradebook: Gradebook) -> None:
        lines, items = [], {}
        people = {student.id: student for student in gradebook.students}
        for assignment in sorted(gradebook.assignments, key=lambda found: found.name):
            if self.assignment and assignment.name not in map(str, self.assignment):
                continue
            for row in rows(gradebook, assignment.name):
                if self.student and row["student"] not in map(str, self.student):
                    continue
                found = line(row, f"{assignment.name}/")
                lines.append(found | self._about(gradebook, assignment, row, people))
                items |= dict.fromkeys(f"{assignment.name}/{name}" for name in row["items"])
        fields = [*self.COLUMNS, *LISTS, *items]
        with open(self.to or "grades.csv", "w", encoding="utf-8", newline="") as file:
            write_csv(file, fields, lines)

    def _about(self, gradebook, assignment, row: dict, people: dict) -> dict:
        person = people.get(row["student"])
        found = {"assignment": assignment.name, "duedate": assignment.duedate}
        found |= {"student_id": row["student"], "late_submission_penalty": row["penalty"]}
        for key in ("last_name", "first_name", "email"):
            found[key] = getattr(person, key, None)
        try:
            found["timestamp"] = gradebook.find_submission(
                assignment.name, row["student"]
            ).timestamp
        except MissingEntry:
            found["timestamp"] = None
        return found
