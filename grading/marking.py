"""Which answers are with which marker, and what came back: a table of its own in the gradebook's database."""

import json
import secrets
from collections import defaultdict
from itertools import combinations

from nbgrader.api import Gradebook
from sqlalchemy import Column, Integer, MetaData, Row, String, Table, Text, select

LETTERS = "bcdfghjkmnpqrstvwxz"  # no vowels: neither a word, nor a date to a spreadsheet
FIRST, SECOND, DECIDES = "", "second", "decides"

metadata = MetaData()
table = Table(
    "grading_marking",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("assignment", String(128), nullable=False),
    Column("student", String(128), nullable=False),
    Column("code", String(16), nullable=False),  # what markers see in place of the student
    Column("item", String(256), nullable=False),  # NOTEBOOK/NAME
    Column("marker", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("answer", String(64), nullable=False),  # a digest of it, when it was handed out
    Column("most", Text, nullable=False),  # JSON: the points of each line of the rubric
    Column("given", Text),  # JSON: of each line the points; NULL as long as the marker has it
    Column("comments", Text),  # JSON: of each line the comment, as the marker wrote it
)


def rows(gradebook: Gradebook, assignment: str | None = None) -> list[Row]:
    metadata.create_all(gradebook.db.connection())
    query = select(table).order_by(table.c.item, table.c.code, table.c.number)
    query = query if assignment is None else query.where(table.c.assignment == assignment)
    return list(gradebook.db.execute(query))


def total(row: Row) -> float:
    return sum(json.loads(row.given))


def by_answer(found: list[Row]) -> dict[tuple[str, str, str], list[Row]]:
    """The rows of each answer: (student, item, digest) -> rows."""
    answers = defaultdict(list)
    for row in found:
        answers[row.student, row.item, row.answer].append(row)
    return answers


def deal(answers: list[tuple], known: dict[str, str], markers: list[str], by: str, both: int):
    """Who marks what: (student, item, digest, marker, role, code) of each answer.

    ``answers``: (student, item, digest). ``known``: the codes that students have already. The codes are
    drawn, so their order is too; the first ``both`` students are marked by two.
    """
    codes = dict(known)
    for student, _, _ in answers:
        codes.setdefault(student, "".join(secrets.choice(LETTERS) for _ in range(6)))
    students = sorted({student for student, _, _ in answers}, key=codes.get)
    items = list(dict.fromkeys(item for _, item, _ in answers))
    for student, item, digest in sorted(answers, key=lambda one: codes[one[0]]):
        place = students.index(student)
        turn = place if by == "student" else items.index(item)
        for role in (FIRST, SECOND)[: 2 if place < both else 1]:
            marker = markers[(turn + (role == SECOND)) % len(markers)]
            yield student, item, digest, marker, role, codes[student]


def insert(gradebook: Gradebook, assignment: str, dealt, most: dict[str, list[float]]) -> list[int]:
    """Note what ``deal`` said, or the like; the caller commits."""
    numbers = []
    for student, item, digest, marker, role, code in dealt:
        line = {"assignment": assignment, "student": student, "item": item, "answer": digest}
        line |= {"marker": marker, "role": role, "code": code, "most": json.dumps(most[item])}
        done = gradebook.db.execute(table.insert().values(line))
        numbers.append(done.inserted_primary_key[0])
    return numbers


def remove(gradebook: Gradebook, numbers: list[int]) -> None:
    gradebook.db.execute(table.delete().where(table.c.number.in_(numbers)))


def settled(found: list[Row]) -> tuple[float, list[str]] | None:
    """An answer's points and comments: of who decides, or those of all where they agree; else None."""
    back = [row for row in found if row.given is not None]
    last = [row for row in back if row.role == DECIDES]
    if not last and (len(back) < len(found) or len({total(row) for row in back}) != 1):
        return None
    comments = [text for row in last or back for text in json.loads(row.comments) if text]
    return total((last or back)[0]), list(dict.fromkeys(comments))


def differences(found: list[Row]) -> list[list[Row]]:
    """Of each answer that two marked otherwise: their rows."""
    answers = [
        [row for row in of if row.given is not None and row.role != DECIDES]
        for of in by_answer(sorted(found, key=lambda row: row.marker)).values()
    ]
    return [of for of in answers if len({total(row) for row in of}) > 1]


def agreement(found: list[Row]) -> list[dict]:
    """Of each item and two markers: how many both marked, how many alike, and Cohen's kappa.

    ``weighted`` counts a difference by its points (linear weights), ``kappa`` any difference alike.
    """
    pairs = defaultdict(list)
    for (_, item, _), of in by_answer(found).items():
        back = {row.marker: total(row) for row in of if row.given and row.role != DECIDES}
        for one, other in combinations(sorted(back), 2):
            pairs[item, one, other].append((back[one], back[other]))
    return [
        {
            "item": item,
            "markers": [one, other],
            "both": len(points),
            "alike": sum(a == b for a, b in points),
            "kappa": kappa(points, lambda a, b: a != b),
            "weighted": kappa(points, lambda a, b: abs(a - b)),
        }
        for (item, one, other), points in sorted(pairs.items())
    ]


def kappa(points: list[tuple[float, float]], apart) -> float | None:
    """Cohen's: 1 - how far two are ``apart`` / how far they were if each marked at random as they do."""
    seen = sum(apart(a, b) for a, b in points) / max(1, len(points))
    chance = sum(apart(a, b) for a, _ in points for _, b in points) / max(1, len(points) ** 2)
    return round(1 - seen / chance, 4) if chance else None


def put(gradebook: Gradebook, name: str, student: str, item: str, points: float, text: str) -> list:
    """Write a mark and a comment; what was before, and is now, for ``take_back``.

    Not where somebody gave another mark by hand, which waits to be looked at.
    """
    notebook, _, cell = item.rpartition("/")
    grade = gradebook.find_grade(cell, notebook, name, student)
    comment = gradebook.find_comment(cell, notebook, name, student)
    if grade.manual_score not in (None, points):
        return []
    old = [grade.manual_score, grade.needs_manual_grade, comment.manual_comment]
    grade.manual_score, grade.needs_manual_grade = points, False
    comment.manual_comment = text or comment.manual_comment
    return [[student, item, old, [points, False, comment.manual_comment]]]


def take_back(course, gradebook: Gradebook, name: str, detail: dict) -> list[str]:
    """Undo what was dealt, taken back, read and put; who was marked since, and stays so."""
    left = []
    remove(gradebook, detail.get("dealt", []))
    for row in detail.get("back", []):
        gradebook.db.execute(table.insert().values(row))
    again = table.update().where(table.c.number.in_(detail.get("read", [])))
    gradebook.db.execute(again.values(given=None, comments=None))
    for student, item, old, new in detail.get("put", []):
        notebook, _, cell = item.rpartition("/")
        grade = gradebook.find_grade(cell, notebook, name, student)
        comment = gradebook.find_comment(cell, notebook, name, student)
        if [grade.manual_score, grade.needs_manual_grade, comment.manual_comment] != new:
            left.append(f"{student}, {item}")
            continue
        grade.manual_score, grade.needs_manual_grade, comment.manual_comment = old
    return left
