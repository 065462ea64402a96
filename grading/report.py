"""Marks and states of a class, for people and for programs; and nbgrader's CSV export with states."""

import csv
import json
import sys

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins.export import CsvExportPlugin

from . import outcomes

FIELDS = ["student", "state", "score", "max_score", "by_hand", "isolated", "reasons", "evidence"]
HAVE_MARKS = (outcomes.GRADED, outcomes.PARTIAL)


def rows(gradebook: Gradebook, assignment: str) -> list[dict]:
    """One row for each student: no score, rather than 0, where there is nothing to score."""
    found = outcomes.read(gradebook.db, assignment)
    most = gradebook.find_assignment(assignment).max_score
    ids = sorted({student.id for student in gradebook.students} | set(found))
    return [_row(gradebook, assignment, student, found.get(student), most) for student in ids]


def _row(gradebook, assignment: str, student: str, detail: dict | None, most: float) -> dict:
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        submission = None
    if detail is None:
        state = outcomes.MISSING if submission is None else "not graded yet"
        detail = outcomes.whole(state, [])
    row = {"student": student, "state": detail["state"], "score": None, "max_score": most}
    row |= {"by_hand": 0, "items": {}}
    row |= {key: detail[key] for key in ("isolated", "reasons", "evidence", "notes")}
    if submission is not None and detail["state"] in HAVE_MARKS:
        row["score"] = submission.score - (submission.late_submission_penalty or 0)
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        row["by_hand"] = sum(bool(grade.needs_manual_grade) for grade in grades)
        row["items"] = {
            f"{grade.notebook.name}/{grade.name}": None if grade.needs_manual_grade else grade.score
            for grade in grades
        }
    return row


def report(course, arguments) -> int:
    """``python -m grading report``"""
    course.plan(arguments.assignment)  # says what is wrong where there is no such assignment
    with course.gradebook() as gradebook:
        found = rows(gradebook, arguments.assignment)
    {"json": _json, "csv": _csv, "table": _table}[arguments.format](found)
    return 0


def _json(found: list[dict]) -> None:
    json.dump(found, sys.stdout, indent=1)
    print()


def _csv(found: list[dict]) -> None:
    writer = csv.DictWriter(sys.stdout, FIELDS, extrasaction="ignore")
    writer.writeheader()
    for row in found:
        joined = {key: "; ".join(row[key]) for key in ("reasons", "evidence")}
        for key in ("student", *joined):  # not a formula for a spreadsheet
            text = joined.get(key, row["student"])
            joined[key] = f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
        writer.writerow(row | joined)


def _table(found: list[dict]) -> None:
    width = max([len(row["student"]) for row in found] + [7])
    print(f"{'student':{width}}  {'state':14}  {'score':>12}  by hand")
    for row in found:
        score = "-" if row["score"] is None else f"{row['score']:g} / {row['max_score']:g}"
        print(
            f"{row['student']:{width}}  {row['state']:14}  {score:>12}  {row['by_hand'] or '':>7}"
        )
        for key in ("reasons", "evidence", "notes"):
            for line in row[key]:
                print(f"{'':{width}}    {key}: {_printable(line)}")
        if not row["isolated"]:
            print(f"{'':{width}}    graded WITHOUT isolation")
    states = [row["state"] for row in found]
    print(", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states)))


def _printable(line: str) -> str:
    """A student may have chosen part of it: no control characters reach the terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


class StateExporter(CsvExportPlugin):
    """``nbgrader export`` with a column for the state, and no zeros that nobody earned."""

    def export(self, gradebook: Gradebook) -> None:
        self.to = self.to or "grades.csv"
        super().export(gradebook)
        with open(self.to, newline="") as file:
            lines = list(csv.DictReader(file))
        state = {
            (assignment.name, row["student"]): row["state"]
            for assignment in gradebook.assignments
            for row in rows(gradebook, assignment.name)
        }
        for line in lines:
            line["state"] = state[line["assignment"], line["student_id"]]
            if line["state"] in (outcomes.NOT_GRADABLE, outcomes.MISSING):
                line |= {"raw_score": "", "late_submission_penalty": "", "score": ""}
        with open(self.to, "w", newline="") as file:
            writer = csv.DictWriter(file, list(lines[0]) if lines else ["state"])
            writer.writeheader()
            writer.writerows(lines)
