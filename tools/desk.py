"""The student's desk: copies of the lectures and assignments in work/, and a page about them.

    python tools/desk.py        # lays out work/ and writes work/desk.md

`make lab` does that first, and JupyterLab writes the page anew after every save. What lies in
work/ is the student's: a copy is renewed only as long as it is as it was laid there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
# in work/: of every copy, the digests of it and of its original, when laid there
LAID = ".laid.json"
KERNEL = {  # what every notebook of the course says of the Python that runs it
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
PAGES = ("glossary.md", "notation.md")  # of the course, laid beside the lectures they lead to
LINK = re.compile(r"\]\(([^)\s:#]+)")
LABEL = re.compile(r"\b(not|handed) (opened|begun|in)\b")  # not broken into two lines of its cell


class Piece(NamedTuple):
    """A notebook of the course, and where its copy lies."""

    original: Path
    copy: Path
    is_lecture: bool

    @property
    def name(self) -> str:
        return self.original.stem


def pieces(root: Path) -> list[Piece]:
    """Lectures and assignments, in the order in which they are read."""
    work = root / "work"
    lectures = [Piece(p, work / p.name, True) for p in sorted((root / "course").glob("*.ipynb"))]
    given = {p.stem: p for p in sorted((root / "release").glob("*/*.ipynb"))}
    found = []
    for lecture in lectures:
        found.append(lecture)
        for name in [n for n in given if n.partition("_")[2] == lecture.name.partition("_")[2]]:
            found.append(Piece(given.pop(name), work / name / f"{name}.ipynb", False))
    return found + [Piece(p, work / n / f"{n}.ipynb", False) for n, p in given.items()]


def lay_out(root: Path) -> None:
    """Copy what is not there yet, and renew what nobody has touched since it was laid there."""
    (root / "work").mkdir(exist_ok=True)
    pages = [Piece(root / "course" / name, root / "work" / name, False) for name in PAGES]
    known, everything = laid(root), pieces(root) + [p for p in pages if p.original.exists()]
    places = {piece.original: piece.copy for piece in everything}
    for piece in everything:
        if piece.copy.exists() and known.get(piece.name, [""])[0] != digest(piece.copy):
            continue
        piece.copy.parent.mkdir(exist_ok=True)
        piece.copy.write_text(moved(piece, places), encoding="utf-8")
        known[piece.name] = [digest(piece.copy), digest(piece.original)]
    (root / "work" / LAID).write_text(json.dumps(known, indent=1), encoding="utf-8")


def laid(root: Path) -> dict[str, list[str]]:
    """What was laid out before, by `Piece.name`."""
    path = root / "work" / LAID
    return read(path) if path.exists() else {}


def moved(piece: Piece, places: dict[Path, Path]) -> str:
    """The notebook as it is read in work/: links lead to copies, or to where they led before."""

    if piece.original.suffix == ".md":
        return piece.original.read_text(encoding="utf-8")

    def link(match: re.Match) -> str:
        target = Path(os.path.normpath(piece.original.parent / match[1]))
        if not target.exists():
            return match[0]
        place = os.path.relpath(places.get(target, target), piece.copy.parent)
        return f"]({Path(place).as_posix()}"

    notebook = read(piece.original)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = LINK.sub(link, "".join(cell["source"])).splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------------------------------------------------------------- how far each is


class State(NamedTuple):
    """In words, and whether there is nothing more to do."""

    words: str
    done: bool


def state_of(piece: Piece, root: Path, known: list[str]) -> State:
    """known: the digests of the copy and of its original when it was laid out."""
    if not piece.is_lecture and (handed := handed_in(piece.name, root)):
        return State(handed, True)
    if not piece.copy.exists() or known[:1] == [digest(piece.copy)]:
        return State("not opened" if piece.is_lecture else "not begun", False)
    at = time.strftime("%d %b, %H:%M", time.localtime(piece.copy.stat().st_mtime))
    state = State(f"last saved {at}", True)
    if not piece.is_lecture:
        try:
            state = progress(read(piece.original), read(piece.copy))
        except (ValueError, KeyError, TypeError, AttributeError):
            state = State("cannot be read: is it still a notebook?", False)
    if known and known[1] != digest(piece.original):
        state = State(f"{state.words}; a newer version is in the course", state.done)
    return state


def progress(given: dict, now: dict) -> State:
    """Answers written, and what the tests said when they were run last."""
    before = {name: source for name, _, source in graded(given, "solution")}
    answers = [
        source.strip() != before.get(n, "").strip() for n, _, source in graded(now, "solution")
    ]
    ran = [cell for _, cell, _ in graded(now, "grade") if cell.get("execution_count")]
    failed = [c for c in ran if any(o["output_type"] == "error" for o in c.get("outputs", []))]
    words = f"{sum(answers)} of {len(answers)} answers written"
    passed = len(ran) - len(failed)
    if ran:
        words += (
            f"; when last run, {passed} test{'s' * (passed != 1)} passed and {len(failed)} failed"
        )
    return State(words, all(answers) and bool(ran) and not failed)


def graded(notebook: dict, kind: str) -> Iterator[tuple[str, dict, str]]:
    """The cells of nbgrader of that kind ("solution", "grade"): name, cell, source."""
    for cell in notebook["cells"]:
        marked = cell["metadata"].get("nbgrader", {})
        if marked.get(kind) and (kind == "solution" or cell["cell_type"] == "code"):
            yield marked["grade_id"], cell, "".join(cell["source"])


def handed_in(name: str, root: Path) -> str:
    """Where the work went, or its feedback as a link; "" if it is here only."""
    if feedback := own(root.glob(f"feedback/*/{name}/{name}.html"), root):
        return f"marked: [feedback](../{feedback.relative_to(root).as_posix()})"
    if own(root.glob(f"submitted/*/{name}"), root):
        return "handed in"
    return "handed in" if any(root.glob(f"exchange/*/inbound/*+{name}+*")) else ""


def own(found: Iterator[Path], root: Path) -> Path | None:
    """Among folders named for students the one that says "me", or the only one: not of a class."""
    by_whom = {path.relative_to(root).parts[1]: path for path in found}
    return by_whom.get("me") or (by_whom.popitem()[1] if len(by_whom) == 1 else None)


def due(name: str, root: Path) -> str:
    """When an assignment is due, by this machine's clock; "" where no date was announced."""
    try:
        when = datetime.fromisoformat(read(root / "release" / "due.json")[name]).astimezone()
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return ""
    return f"due {when:%a %d %b %Y, %H:%M %Z}: "


# ---------------------------------------------------------------- the page

PAGE = """# Your desk

{next}

| lecture | | assignment | |
|---|---|---|---|
{rows}

What lies here is yours: lectures and assignments are copies, and what you have changed stays as you
left it. To begin one afresh, delete its copy; the next `make lab` lays a new one. This page is
written anew whenever you save: shut it and open it again to see how far you are. What a word or a sign
means: [Glossary](glossary.md), [Notation](notation.md).

**Answering.** Replace `# YOUR CODE HERE` and the line below it, and run the cell, then the test below it
(Shift and Enter). *Validate*, above an open assignment, runs all of it afresh and lists every item.

**Handing in.** Where your class collects through nbgrader: menu *Nbgrader*, *Assignment List*. Otherwise
save, and send your teacher the notebook as its folder here holds it (right click on it, *Download*). On
your own, in a terminal (*File*, *New*, *Terminal*), on Linux with bubblewrap:

    mkdir -p submitted/me && cp -r work/a1_training submitted/me/ && make grade ASSIGNMENT=a1_training

It is marked with the hidden tests too, and this page leads to the feedback.
"""


def write_page(root: Path) -> None:
    known = laid(root)
    states = {}
    for piece in pieces(root):
        words, done = state_of(piece, root, known.get(piece.name, []))
        states[piece] = State(due(piece.name, root) + words, done)
    rows: list[list[str]] = []
    for piece, state in states.items():
        cells = [linked(piece, root), LABEL.sub("\\1&nbsp;\\2", state.words)]
        if piece.is_lecture:
            rows.append([*cells, "", ""])
        elif rows and not rows[-1][2] and rows[-1][0].startswith("["):
            rows[-1][2:] = cells
        else:
            rows.append(["", "", *cells])
    open_ones = [piece for piece, state in states.items() if not state.done]
    text = "**All done.** Everything here was read, and every assignment is ready."
    if open_ones:
        text = f"**Next:** {linked(open_ones[0], root)} ({states[open_ones[0]].words})."
    lines = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    (root / "work" / "desk.md").write_text(PAGE.format(next=text, rows=lines), encoding="utf-8")


def linked(piece: Piece, root: Path) -> str:
    heading = "".join(read(piece.original)["cells"][0]["source"]).partition("\n")[0].strip("# ")
    return f"[{heading}]({piece.copy.relative_to(root / 'work').as_posix()})"


def before_save(model: dict, **_: object) -> None:
    """JupyterLab's hook: the version of Python that it writes into every notebook is left out, or a
    notebook would be another one when it was merely opened and saved.
    """
    if model["type"] == "notebook":
        about = model["content"]["metadata"]
        if about.get("kernelspec", {}).get("name") == "python3":
            about.update(KERNEL)


def after_save(model: dict, os_path: str, contents_manager, **_: object) -> None:
    """JupyterLab's hook: what a save in work/ has changed is on the page at once."""
    root = Path(contents_manager.root_dir).resolve()
    if model["type"] == "notebook" and root / "work" in Path(os_path).resolve().parents:
        try:
            write_page(root)
        except OSError as error:
            contents_manager.log.warning("the desk could not be written: %s", error)


if __name__ == "__main__":
    try:
        lay_out(ROOT)
        write_page(ROOT)
    except OSError as error:
        sys.exit(f"work/ could not be laid out: {error}")
