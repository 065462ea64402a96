"""``python -m grading items``: how each item went, what went wrong with it, and what nobody explained."""

import json
import math
import re
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean

import nbformat
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.utils import is_grade, is_solution

from . import bounded, report, verdicts

UNEXPLAINED = "not explained"
FIELDS = ["name", "title", "points", "marked", "waiting", "facility", "discrimination"]
FIELDS += ["full", "part", "none", "not_begun", "causes"]


@dataclass
class Item:
    """One item over a class.

    facility: the mean share of its points. discrimination: the correlation of that share with the
    points earned in all other items (None where one of the two does not vary). causes: of those
    who lost points, how many by each likely cause that the test named.
    """

    name: str
    points: float
    shares: list[float] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    causes: Counter = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)  # the answers
    waiting: int = 0
    not_begun: int = 0

    def summary(self) -> dict:
        return {
            "name": self.name,
            "points": self.points,
            "marked": len(self.shares),
            "waiting": self.waiting,
            "facility": round(mean(self.shares), 4) if self.shares else None,
            "discrimination": correlation(self.shares, self.rests),
            "full": sum(share >= 1 for share in self.shares),
            "part": sum(0 < share < 1 for share in self.shares),
            "none": sum(share <= 0 for share in self.shares),
            "not_begun": self.not_begun,
            "causes": dict(self.causes.most_common()),
        }


@dataclass
class Failure:
    """Why a test gave no points: "" for no likely cause. answer: the student's cell before it."""

    cause: str
    not_begun: bool
    answer: str


def correlation(x: list[float], y: list[float]) -> float | None:
    """Pearson's; None for fewer than three pairs, or where one side does not vary."""
    if len(x) < 3:
        return None
    a, b = [v - mean(x) for v in x], [v - mean(y) for v in y]
    size = math.hypot(*a) * math.hypot(*b)
    return round(sum(p * q for p, q in zip(a, b, strict=True)) / size, 4) if size > 1e-12 else None


def failures(path: Path) -> dict[str, dict]:
    """Of each item of an autograded notebook whose test raised an error: its `Failure`."""
    found, answer = {}, ""
    for cell in rejoin_lines(nbformat.from_dict(json.loads(path.read_text("utf-8")))).cells:
        if is_solution(cell):
            answer = cell.source
        lines = dict(verdicts.message(cell)) if is_grade(cell) else {}
        if lines:
            blank = bool(verdicts.BLANK.search("\n".join(lines.values())))
            why = verdicts.cause(lines)
            found[cell.metadata.nbgrader.grade_id] = asdict(Failure(why, blank, answer))
    return found


def titles(course, assignment: str) -> dict[str, str]:
    """Of each item the heading that it stands under, as far as the instructor's notebooks can be read."""
    found = {}
    for path in sorted(course.folder("source", ".", assignment).glob("*.ipynb")):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            nb = rejoin_lines(nbformat.from_dict(json.loads(path.read_text("utf-8"))))
            found |= {f"{path.stem}/{i['name']}": i["title"] for i in verdicts.of_items(nb, set())}
    return found


def called(item: str, titles: dict[str, str]) -> str:
    """An item as people read of it: its name, and the heading it stands under."""
    title = titles.get(item, "")
    return f"{item} ({title})" if title and title != item.rpartition("/")[2] else item


def tally(rows: list[dict]) -> dict[str, Item]:
    """Every item of the rows (of `report.rows`) that have marks: shares and who waits, no causes."""
    items: dict[str, Item] = {}
    for row in (row for row in rows if row["score"] is not None):
        known = sum(score for score in row["items"].values() if score is not None)
        for name, score in row["items"].items():
            item = items.setdefault(name, Item(name, row["points"][name]))
            if score is None:
                item.waiting += 1
            else:
                item.shares.append(score / item.points if item.points else 0.0)
                item.rests.append(known - score)
    return items


def look(course, assignment: str, rows: list[dict]) -> list[Item]:
    """The same with the causes, from the assignment's autograded notebooks."""
    items = tally(rows)
    for row in (row for row in rows if row["score"] is not None):
        folder = course.folder("autograded", row["student"], assignment)
        failed = {
            f"{path.stem}/{name}": Failure(**one)
            for path in sorted(folder.glob("*.ipynb"))
            for name, one in bounded.call(failures, path).items()
        }
        for name, score in row["items"].items():
            if score is not None and score < row["points"][name]:
                _explain(items[name], failed.get(name))
    return list(items.values())


def _explain(item: Item, failure: Failure | None) -> None:
    if failure is None:  # marked by hand, or in part
        return
    if failure.not_begun:
        item.not_begun += 1
        return
    item.causes[failure.cause or UNEXPLAINED] += 1
    if not failure.cause and failure.answer not in item.unexplained:
        item.unexplained.append(failure.answer)


def items(course, arguments) -> int:
    """``python -m grading items``"""
    course.plan(arguments.assignment)  # says what is wrong where there is none such
    with course.gradebook() as gradebook:
        found = look(course, arguments.assignment, report.rows(gradebook, arguments.assignment))
    named = titles(course, arguments.assignment)
    told = [item.summary() | {"title": named.get(item.name, "")} for item in found]
    if not report.as_data(arguments.format, told, FIELDS, map(_line, told)):
        _table(told)
    if arguments.bank:
        for item in found:
            to_bank(item, arguments.bank / arguments.assignment)
    return 0


def to_bank(item: Item, folder: Path) -> None:
    """Add the answers that nobody explained to the bank's file of the item, each once, nameless."""
    path = folder / f"{item.name.rpartition('/')[2]}.py"
    before = path.read_text("utf-8") if path.exists() else ""
    number = len(re.findall(r"^# %% wrong: unexplained \d+", before, re.MULTILINE))
    new = [answer.strip("\n") for answer in item.unexplained if answer.strip() not in before]
    if new:
        folder.mkdir(parents=True, exist_ok=True)
        cells = [f"# %% wrong: unexplained {i}\n{a}\n" for i, a in enumerate(new, number + 1)]
        path.write_text("\n".join([before, *cells] if before else cells), "utf-8", "replace")
        print(f"{len(new)} answers: {path}", file=sys.stderr)


def _line(one: dict) -> dict:
    return one | {"causes": "; ".join(f"{n} x {cause}" for cause, n in one["causes"].items())}


def _table(found: list[dict]) -> None:
    width = max([len(one["name"]) for one in found] + [4])
    print(
        f"{'item':{width}}  points  mean %  item-rest  full  part  none  not begun  waiting  title"
    )
    for one in found:
        share = "-" if one["facility"] is None else f"{100 * one['facility']:.0f}"
        with_rest = "-" if one["discrimination"] is None else f"{one['discrimination']:.2f}"
        print(
            f"{one['name']:{width}}  {one['points']:6g}  {share:>6}  {with_rest:>9}  {one['full']:4}"
            f"  {one['part']:4}  {one['none']:4}  {one['not_begun']:9}  {one['waiting']:7}"
            f"  {report.printable(one.get('title', ''))}".rstrip()
        )
        for cause, count in one["causes"].items():
            print(f"{'':{width}}    {count} x {report.printable(cause)}")
