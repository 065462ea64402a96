"""The rounds of strangers' answers, as tests/answers/README.md reports them: figures, and words by kind."""

from __future__ import annotations

import re
from typing import NamedTuple

ROUND = re.compile(r"^\*\*Round (\d+)\.\*\* ", re.MULTILINE)
ROW = re.compile(
    r"\| (\w+) \| ([\d,]+) \| ([\d,]+) [^|]*\| ([\d,]+) \| ([\d,]+) [^|]*\|([^|]*)\|([^|]*)\|"
)
# where another kind of remark begins in a paragraph, and the words that lead it
BEGINS = re.compile(
    r"(?<=[.)]) (?=(?:Missed in|In [ac]\d|Causes that|Not theirs|Recomputed|The texts|What the texts|Mended in|"
    r"Right and rejected|Nothing was missed)\b)"
)
LEAD = re.compile(
    r"(?:Missed|Mended|Recomputed|Right and rejected|Misses|Causes?|Not theirs|In [ac]\d|Nothing was missed|"
    r"The texts|What the texts)\b(?:[^:.(]{0,60}:| now say\b|[^:.(]{0,24}[.]|)"
)


class Line(NamedTuple):
    """One assignment in one round; of causes nothing is known in some."""

    wrong: int
    caught: int
    right: int
    accepted: int
    told: int | None
    foreign: int | None
    explained: int = 0  # of those caught, where causes were counted


class Round(NamedTuple):
    number: int
    lines: dict[str, Line]
    text: str

    def total(self) -> Line:
        return summed(list(self.lines.values()))


def read(text: str) -> list[Round]:
    """The rounds in order."""
    _, *found = ROUND.split(text)
    rounds = []
    for number, body in zip(found[::2], found[1::2], strict=True):
        rows = {name: _line(values) for name, *values in ROW.findall(body) if name != "all"}
        rounds.append(Round(int(number), rows, body.strip()))
    return rounds


def _line(values: list[str]) -> Line:
    numbers = [re.match(r"\s*([\d,]+)", value) for value in values]
    line = Line(*(int(found[1].replace(",", "")) if found else None for found in numbers))
    return line._replace(explained=line.caught if line.told is not None else 0)


def summed(lines: list[Line]) -> Line:
    """Their sum; of causes over those lines alone in which they were counted."""
    return Line(*(sum(number or 0 for number in column) for column in zip(*lines, strict=True)))


def latest(rounds: list[Round], last: int = 2) -> list[Line]:
    """Of each assignment the lines of its last rounds."""
    names = {name for one in rounds for name in one.lines}
    of_each = {name: [one.lines[name] for one in rounds if name in one.lines] for name in names}
    return [line for lines in of_each.values() for line in lines[-last:]]


def share(part: int, whole: int) -> str:
    """In per cent, to one place; not 100 where one is missing."""
    if part == whole:
        return "100 %"
    return f"{min(100 * part / whole, 99.9):.1f} %"


# ---------------------------------------------------------------- as HTML and Markdown


def overview(rounds: list[Round]) -> str:
    """A table with a line for each round, and for each round a bar: what it missed."""
    sums = [one.total() for one in rounds]
    most = max(1 - line.caught / line.wrong for line in sums)
    rows = "\n".join(
        _overview_row(one.number, line, most) for one, line in zip(rounds, sums, strict=True)
    )
    return (
        '<div class="table-wrapper"><table class="rounds docutils">\n<thead><tr><th>Round</th>'
        '<th class="number">wrong</th><th>missed</th><th class="number">right</th>'
        '<th class="number">rejected</th><th class="number">told a cause</th>'
        f'<th class="number">not theirs</th></tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>\n'
    )


def _overview_row(number: int, line: Line, most: float) -> str:
    missed = line.wrong - line.caught
    width = missed / line.wrong / most
    told = f"{100 * line.told / line.explained:.0f} %"
    cells = (f"{line.right:,}", f"{line.right - line.accepted}", told, f"{line.foreign}")
    numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
    return (
        f'<tr><td><a href="#round-{number}">{number}</a></td><td class="number">{line.wrong:,}</td>'
        f'<td class="bar"><span style="--share:{width:.2f}"></span>{missed} '
        f"({100 * missed / line.wrong:.1f} %)</td>{numbers}</tr>"
    )


def folded(one: Round) -> str:
    """A round's whole report: a summary in figures, its table and its remarks, each with its lead words."""
    line = one.total()
    said = (
        f"Round {one.number}: {line.wrong - line.caught} of {line.wrong:,} wrong ones missed, "
        f"{line.right - line.accepted} of {line.right:,} right ones rejected"
    )
    blocks = "\n\n".join(_block(block) for block in one.text.split("\n\n"))
    return (
        f'<details class="round">\n<summary>{said}</summary>\n'
        f'<span id="round-{one.number}"></span>\n\n{blocks}\n\n</details>\n'
    )


def _block(block: str) -> str:
    """A table with short heads; a paragraph of remarks as a list; any other as it stands."""
    if block.startswith("|"):
        return block.replace("caught with a cause", "told a cause").replace(
            "causes not theirs", "not theirs"
        )
    remarks = BEGINS.split(" ".join(block.split()))
    if len(remarks) == 1 and not LEAD.match(remarks[0]):
        return block
    return "\n".join(
        f"- {LEAD.sub(lambda lead: f'**{lead[0]}**', one, count=1)}" for one in remarks
    )
