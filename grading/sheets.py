"""What a marker gets and gives back: a sheet to fill in, a page to read answers on, neither with names."""

import hashlib
import html
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.utils import is_grade, is_solution

from . import pages, report
from .cells import Cell
from .course import CourseError
from .overview import template
from .platforms import Sheet

FIELDS = ["answer", "item", "line", "rubric", "most", "points", "comment", "text"]
SCHEME = re.compile(r"BEGIN MARK SCHEME(.*?)END MARK SCHEME", re.DOTALL)
EDGES = re.compile(r".*(?:BEGIN|END) MARK SCHEME.*")
LINE = re.compile(r"^- (\d+(?:\.\d+)?): (.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
NAMED = re.compile(r"#([\w-]+)(?:: *(.+))?", re.DOTALL)
SHOWN = 10  # lines of what is wrong


@dataclass
class Item:
    """A cell that a person marks. lines: what is looked for, and the points for it."""

    name: str  # NOTEBOOK/NAME
    question: str
    lines: list[tuple[str, float]]


def items(notebooks: dict[str, list[Cell]]) -> dict[str, Item]:
    """Those that are answer and mark in one, with the rubric of the locked cell before."""
    found = {}
    for notebook, known in notebooks.items():
        question = ""
        for cell in known:
            if cell.locked and cell.kind == "markdown":
                question = cell.source
            if cell.solution and cell.points is not None:
                name = f"{notebook}/{cell.name}"
                found[name] = Item(name, question, rubric(question, cell.points))
    return found


def rubric(question: str, points: float) -> list[tuple[str, float]]:
    """The lines "- POINTS: what for" of the mark scheme, if they make up the points; else one line."""
    scheme = SCHEME.search(question)
    found = [
        (" ".join(m[2].split()), float(m[1])) for m in LINE.finditer(scheme[1] if scheme else "")
    ]
    same = abs(sum(most for _, most in found) - points) < 1e-9
    return found if found and same else [("the whole answer", points)]


def answers(path: Path, names: list[str]) -> dict[str, list[str]]:
    """Of each answer that a person marks in an autograded notebook: its digest, its text, the page's part.

    ``names``: what the student is called, which is left out.
    """
    called = "|".join(re.escape(name) for name in names if len(name) > 2) or "(?!)"
    name, found = re.compile(rf"(?<!\w)(?:{called})(?!\w)", re.IGNORECASE), {}
    for cell in rejoin_lines(nbformat.from_dict(json.loads(path.read_text("utf-8")))).cells:
        if is_grade(cell) and is_solution(cell):
            pictures = cell.get("attachments", {})
            stamp = json.dumps([cell.cell_type, cell.source, pictures], sort_keys=True)
            text = CONTROL.sub("?", name.sub("[name]", cell.source))
            code = cell.cell_type == "code"
            shown = f"<pre>{html.escape(text)}</pre>" if code else pages.rendered(text, pictures)
            digest = hashlib.sha256(stamp.encode("utf-8", "replace")).hexdigest()
            found[cell.metadata.nbgrader.grade_id] = [digest, text, shown]
    return found


def as_csv(rows: list, texts: dict, about: dict[str, Item], seen: dict) -> bytes:
    """A marker's sheet. texts: (student, item) -> text; seen: the same -> what two have given."""
    lines = []
    for row in rows:
        for number, (what, most) in enumerate(about[row.item].lines, 1):
            line = {"answer": f"{row.code}-{row.number}", "item": row.item, "line": number}
            line |= {"rubric": what + _others(seen.get(row.number), number), "most": f"{most:g}"}
            line |= {"text": texts[row.student, row.item]} if number == 1 else {}
            lines.append(dict.fromkeys(FIELDS, "") | line)
    file = io.StringIO()
    report.write_csv(file, FIELDS, lines)
    # the mark tells spreadsheets that it is UTF-8
    return file.getvalue().encode("utf-8-sig", "replace")


def _others(seen: list | None, number: int) -> str:
    """What each of two gave for a line, for the one who decides."""
    said = []
    for row in seen or []:
        points, text = json.loads(row.given)[number - 1], json.loads(row.comments)[number - 1]
        said.append(f"{row.marker} {points:g}" + f" ({text})" * bool(text))
    return f" [{'; '.join(said)}]" if said else ""


def as_page(title: str, rows: list, shown: dict, about: dict[str, Item], comments: dict) -> bytes:
    """The questions with their rubrics, below each the answers, and the comments that have a name."""
    parts = [
        (
            pages.rendered(EDGES.sub("", item.question), {}, len(item.question)),
            [
                (f"{row.code}-{row.number}", shown[row.student, row.item])
                for row in rows
                if row.item == name
            ],
        )
        for name, item in about.items()
    ]
    text = template("marking.html.j2").render(
        title=title, parts=[part for part in parts if part[1]], comments=comments
    )
    return text.encode("utf-8", "replace")


def named(comments: list[str]) -> dict[str, str]:
    """The comments that were given a name, "#NAME: text". Raises CourseError where one has two texts."""
    found: dict[str, str] = {}
    for text in comments:
        match = NAMED.fullmatch(text)
        if match and match[2] and found.setdefault(match[1], match[2].strip()) != match[2].strip():
            raise CourseError(f"#{match[1]} has two texts: {found[match[1]]!r} and {match[2]!r}")
    return found


def said(comment: str, known: dict[str, str]) -> str:
    """A comment as the student reads it: "#NAME" becomes its text. Raises KeyError."""
    match = NAMED.fullmatch(comment)
    return known[match[1]] if match else comment


@dataclass
class Filled:
    """An answer's lines of a sheet: line of the rubric -> points as typed, and comment."""

    code: str
    item: str
    where: str
    lines: dict[int, tuple[str, str]]


def read(path: Path) -> list[Filled]:
    """The answers of a sheet in which something was filled in. Raises CourseError."""
    sheet = Sheet(path)
    heads = [head.casefold() for head in sheet.head]
    if missing := [name for name in FIELDS[:-1] if name not in heads]:
        raise CourseError(f"{path} is no marker's sheet: it has no column {', '.join(missing)}")
    at, found = {name: heads.index(name) for name in FIELDS[:-1]}, {}
    for row in sheet.filled():
        answer, item, line, points, comment = (
            row[at[name]].strip() for name in ("answer", "item", "line", "points", "comment")
        )
        where = f"{path.name}, line {row.line}"
        filled = found.setdefault(answer, Filled(answer, item, where, {}))
        number = int(line) if re.fullmatch(r"\d{1,3}", line) else 0
        if not number or number in filled.lines or item != filled.item:
            raise CourseError(
                f"{where}: line {line!r} of {item!r} is not as it was handed out, or twice"
            )
        filled.lines[number] = points, comment
    return [one for one in found.values() if any(p or c for p, c in one.lines.values())]


def points_of(filled: Filled, most: list[float]) -> list[float]:
    """The points of each line of the rubric. Raises CourseError."""
    if sorted(filled.lines) != list(range(1, len(most) + 1)):
        raise CourseError(f"it has {len(most)} lines, of which some are not here")
    points = []
    for number, top in enumerate(most, 1):
        text, _ = filled.lines[number]
        value = float(text.replace(",", ".")) if NUMBER.fullmatch(text) else -1.0
        if not 0 <= value <= top:
            what = repr(text) if text else "nothing"
            raise CourseError(f"line {number}: {what} is no number from 0 to {top:g}")
        points.append(value)
    return points
