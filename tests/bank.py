"""The bank of answers that the graders are proved with: read from text, one cell an answer.

BANK/ASSIGNMENT/ITEM.py holds answers to one item, in the percent format. A cell is the whole
answer, and its first line says what the answer deserves:

# %% right: example by example
# %% wrong: loss summed | says: mean over the batch

`says` is a phrase that the message to the student must contain; without it a wrong answer must
only lose its marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BANK = ROOT / "tests" / "answers"
CELL = re.compile(r"^# %%", re.MULTILINE)
TITLE = re.compile(r" (right|wrong): (.+?)(?: \| says: (.+))?")


@dataclass(frozen=True)
class Answer:
    """One cell of the bank."""

    item: str
    kind: str  # right or wrong
    name: str
    source: str
    says: str = ""  # the phrase that the message must contain; "" for any message

    def __str__(self) -> str:
        return f"{self.item}, {self.kind}: {self.name}"


def read(folder: Path, assignment: str, items: list[str]) -> list[Answer]:
    """Every answer on file to these items; ValueError where a file is not as it should be."""
    paths = sorted((folder / assignment).glob("*.py"))
    if not paths:
        raise ValueError(f"no answers: {folder / assignment} holds no file ITEM.py")
    found = []
    for path in paths:
        if path.stem not in items:
            known = ", ".join(items)
            raise ValueError(f"{path}: {assignment} has no item {path.stem!r}; it has {known}")
        found += cells(path.read_text(encoding="utf-8"), path.stem, str(path))
    return found


def cells(text: str, item: str, where: str) -> list[Answer]:
    """The answers that one file holds; ValueError, with the line, where it is malformed."""
    starts = [match.start() for match in CELL.finditer(text)]
    above = text[: starts[0]] if starts else text
    if not starts or any(not line.startswith("#") for line in above.split("\n") if line.strip()):
        raise ValueError(
            f"{where}: an answer begins with a line '# %% right: NAME' or '# %% wrong: NAME'"
        )
    found: dict[str, Answer] = {}
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        title, _, source = text[start:end].partition("\n")
        place = f"{where}, line {text.count(chr(10), 0, start) + 1}: {title}"
        match = TITLE.fullmatch(title.removeprefix("# %%").rstrip())
        if not match:
            form = "'# %% right: NAME', '# %% wrong: NAME' or '# %% wrong: NAME | says: PHRASE'"
            raise ValueError(f"{place}\na cell begins with {form}")
        kind, name, says = match.groups()
        if kind == "right" and says:
            raise ValueError(f"{place}\na right answer gets no message: only a wrong one says")
        if not source.strip():
            raise ValueError(f"{place}\nthis cell is empty; an answer left blank is `...`")
        answer = Answer(item, kind, name, source.strip("\n"), says or "")
        if str(answer) in found:
            raise ValueError(f"{place}\na second answer of this name; give each its own")
        found[str(answer)] = answer
    return list(found.values())
