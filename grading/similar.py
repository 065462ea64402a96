"""``python -m grading similar``: pairs of students whose answers share what few others wrote."""

import ast
import io
import json
import sys
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import nbformat
import numpy as np
from copydetect import CodeFingerprint
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.utils import is_grade, is_locked, is_solution

from helpers.variant import spelt

from . import bounded, cells, groups, items, report
from .course import CourseError
from .overview import template

PIECE = 16  # characters of code without spaces and comments, a name as V, a string as S
LEAST = 60  # pieces, some ten lines: what a pair must share at least
COMMON = 0.1  # what more than this share of the class has, and more than three students, is common
FIELDS = ["one", "other", "share", "pieces", "items", "me"]
A_REASON = "Similar answers are a reason to look, not a proof: talk with both before you judge."


@dataclass
class Answer:
    """What one student wrote for one item. pieces: hash -> where it stands in the source."""

    source: str
    pieces: dict[int, list[tuple[int, int]]]


@dataclass
class Pair:
    """share: of the rare pieces of the one who has fewer, how many the other has too."""

    one: str
    other: str
    share: float
    pieces: int
    items: dict[str, float] = field(default_factory=dict)  # where they have rare pieces in common
    me: str = ""  # what both's numbers are drawn by, or the name of one by which the other's are

    def summary(self) -> dict:
        return vars(self) | {"share": round(self.share, 3)}


def answers(path: Path) -> dict[str, tuple]:
    """Of each item of a notebook: the student's code, and its pieces as (hash, start, end)."""
    found, sources = {}, []
    for cell in rejoin_lines(nbformat.from_dict(json.loads(path.read_text("utf-8")))).cells:
        if is_grade(cell):
            source = "\n".join(sources)
            found[cell.metadata.nbgrader.grade_id] = source, pieces(source)
            sources = []
        elif is_solution(cell) and cell.cell_type == "code":
            sources.append(cell.source)
    return found


def says(path: Path) -> str | None:
    """What a notebook's own numbers are drawn by, `me = "..."` (helpers/variant.py); None: it has none."""
    found = None
    for cell in rejoin_lines(nbformat.from_dict(json.loads(path.read_text("utf-8")))).cells:
        tree = (
            cells.parse(cell.source) if cell.cell_type == "code" and not is_locked(cell) else None
        )
        for line in tree.body if tree else ():
            if isinstance(line, ast.Assign) and "me" in map(ast.unparse, line.targets):
                found = ""
                with suppress(TypeError):  # nobody's
                    found = spelt(getattr(line.value, "value", None))
    return found


def borrowed(said: dict[str, str], names: dict[str, set[str]]) -> dict[tuple[str, str], str]:
    """Pairs of whom both draw their numbers by one text, or one by the other's name: by what.

    names: what each student is called, spelt as `said` is.
    """
    found = {}
    for one, other in combinations(sorted(said), 2):
        a, b = said[one], said[other]
        theirs = {a} & ({b} | names.get(other, set())) | {b} & names.get(one, set())
        if theirs - {""}:
            found[one, other] = max(theirs)
    return found


def pieces(source: str) -> list[tuple[int, int, int]]:
    """copydetect's k-grams, all of them; where each begins and ends in the source."""
    print_ = CodeFingerprint("", PIECE, 1, language="python", fp=io.StringIO(source))
    left, shift = print_.offsets.reshape(-1, 2).T if len(print_.offsets) else np.zeros((2, 1), int)

    def place(at: int) -> int:
        return int(at) + int(shift[min(np.searchsorted(left, at), len(left) - 1)])

    return [
        (int(value), place(at), place(at + PIECE - 1) + 1)
        for value, places in print_.hash_idx.items()
        for at in places
    ]


def read(folders: dict[str, Path]) -> dict[str, dict[str, Answer]]:
    """item -> student -> answer, from notebooks in each student's folder."""
    items: dict[str, dict[str, Answer]] = defaultdict(dict)
    for student, folder in folders.items():
        for path in sorted(folder.glob("*.ipynb")):
            for name, (source, found) in bounded.call(answers, path).items():
                places = defaultdict(list)
                for value, start, end in found:
                    places[value].append((start, end))
                items[f"{path.stem}/{name}"][student] = Answer(source, places)
    return items


def rare(written: dict[str, Answer], common: set[int]) -> dict[int, list[str]]:
    """The pieces of one item that two students have, and no more than may be chance: who."""
    holders = defaultdict(list)
    for student, answer in written.items():
        for value in answer.pieces:
            holders[value].append(student)
    most = max(3, COMMON * len(written))
    return {v: who for v, who in holders.items() if len(who) <= most and v not in common}


def compare(items: dict[str, dict[str, Answer]], common: dict[str, set[int]]) -> list[Pair]:
    """Every pair that has a rare piece in common, the most first. common: item -> known pieces."""
    whole, shared, by_item = Counter(), Counter(), defaultdict(dict)
    for name, written in items.items():
        own, both = Counter(), Counter()
        for who in rare(written, common.get(name, set())).values():
            own.update(who)
            both.update(combinations(sorted(who), 2))
        whole.update(own)
        shared.update(both)
        for pair, count in both.items():
            by_item[pair][name] = round(count / min(own[s] for s in pair), 3)
    found = [
        Pair(one, other, count / min(whole[one], whole[other]), count, by_item[one, other])
        for (one, other), count in shared.items()
    ]
    return sorted(found, key=lambda pair: (-pair.share, -pair.pieces, pair.one, pair.other))


def apart(found: list[Pair], group: dict[str, str]) -> list[Pair]:
    """Without the pairs that hand one notebook in together."""
    return [p for p in found if p.one not in group or group[p.one] != group.get(p.other)]


def similar(course, arguments) -> int:
    """``python -m grading similar``"""
    course.plan(arguments.assignment)  # says what is wrong where there is none such
    folders = course.folders("autograded", arguments.assignment)
    if len(folders) < 2:
        raise CourseError("fewer than two students are graded: `autograde` comes first")
    written = read(folders)
    release = read({"": course.folder("release", ".", arguments.assignment)})
    known = {name: set(blank[""].pieces) for name, blank in release.items()}
    said = _said(folders)
    with course.gradebook() as gradebook:
        group = groups.known(gradebook, arguments.assignment)
        names = {s.id: _names(s) for s in gradebook.students}
    found = {(p.one, p.other): p for p in compare(written, known)}
    for pair, me in borrowed(said, names).items():
        found.setdefault(pair, Pair(*pair, 0.0, 0)).me = me
    found = apart(list(found.values()), {who: name for who, (name, _) in group.items()})
    alike = [p for p in found if p.share >= arguments.least and p.pieces >= LEAST]
    found = alike + [p for p in found if p.me and p not in alike]
    titles = items.titles(course, arguments.assignment)
    told = [pair.summary() for pair in found]
    if not report.as_data(arguments.format, told, FIELDS, map(_line, told)):
        _table(found, titles)
    if nobody := sorted(who for who, me in said.items() if not me):
        print("drawn by no name, the same numbers:", ", ".join(nobody), file=sys.stderr)
    if arguments.page:
        text = page(arguments.assignment, found, written, known, titles)
        arguments.page.write_text(text, "utf-8")
    return 0


def _said(folders: dict[str, Path]) -> dict[str, str]:
    """What each student's numbers are drawn by; nothing where the assignment draws none."""
    found = {}
    for student, folder in folders.items():
        for path in sorted(folder.glob("*.ipynb")):
            if (me := bounded.call(says, path)) is not None:
                found[student] = me
    return found


def _names(student) -> set[str]:
    whole = f"{student.first_name or ''} {student.last_name or ''}"
    texts = [student.id, student.email or "", whole, student.lms_user_id or ""]
    return set(map(spelt, texts)) - {""}


def page(name: str, found: list[Pair], written: dict, known: dict, titles: dict) -> str:
    """The pairs, and side by side what they wrote, with what they share marked."""
    of_item = {item: rare(both, known.get(item, set())) for item, both in written.items()}
    pairs = []
    for pair in found:
        sides = []
        for item, share in pair.items.items():
            both = [written[item][s] for s in (pair.one, pair.other)]
            shared = both[0].pieces.keys() & both[1].pieces.keys() & of_item[item].keys()
            parts = [marked(answer, shared) for answer in both]
            sides.append((items.called(item, titles), share, *parts))
        pairs.append((pair, sides))
    return template("similar.html.j2").render(name=name, pairs=pairs, note=A_REASON)


def marked(answer: Answer, shared: set[int]) -> list[tuple[str, bool]]:
    """The source in parts: (text, whether it is shared)."""
    inside = np.zeros(len(answer.source) + 2, bool)
    for value in shared:
        for start, end in answer.pieces[value]:
            inside[start + 1 : end + 1] = True
    edges = [0, *np.flatnonzero(np.diff(inside[:-1])).tolist(), len(answer.source)]
    parts = zip(edges, edges[1:], strict=False)
    return [(answer.source[a:b], bool(inside[a + 1])) for a, b in parts if b > a]


def _line(one: dict) -> dict:
    return one | {"items": "; ".join(f"{item} {share}" for item, share in one["items"].items())}


def _table(found: list[Pair], titles: dict[str, str]) -> None:
    print(
        "shared %  pieces  students, and the items that are most alike"
        if found
        else "No pair shares as much."
    )
    for pair in found:
        names = report.printable(f"{pair.one} and {pair.other}")
        print(f"{100 * pair.share:8.0f}  {pair.pieces:6}  {names}")
        alike = sorted(pair.items.items(), key=lambda one: -one[1])
        parts = [
            f"{report.printable(items.called(name, titles))} {100 * share:.0f} %"
            for name, share in alike[:5]
        ]
        parts += [f"numbers of {report.printable(pair.me)!r}"] * bool(pair.me)
        print(f"{'':18}{', '.join(parts)}")
    print(A_REASON, file=sys.stderr)
