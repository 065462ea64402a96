"""The page about the graders: rounds of answers that nobody here wrote, and the bank, item by item."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

import pages

from grading import verdicts

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
import bank  # noqa: E402

TOP = """# The graders, graded

A grader is a measuring instrument, and is calibrated like one: by answers of which is known what they deserve. A wrong
answer must lose the points of its item and of no other, and be told why; a right one must keep them, however unlike
ours it is written. `make graders` checks that for @ANSWERS@ answers, graded in the sandbox as a class is.

"""
BANK = """
## The bank, item by item

Each wrong answer is named for its mistake; after it stands what its student is told.
"""


def answers() -> dict[str, dict[str, list[bank.Answer]]]:
    """All that is on file, by assignment and item."""
    found: dict[str, dict[str, list[bank.Answer]]] = {}
    for path in sorted(bank.BANK.glob("*/*.py")):
        of_item = bank.cells(path.read_text("utf-8"), path.stem, str(path))
        found.setdefault(path.parent.name, {})[path.stem] = of_item
    return found


def page(found: dict[str, dict[str, list[bank.Answer]]], count: str) -> str:
    """The page as Markdown; count: how many answers there are."""
    rounds = (bank.BANK / "README.md").read_text("utf-8").partition("\n## Answers nobody")
    parts = [TOP.replace("@ANSWERS@", count), "## Answers nobody", rounds[2], BANK]
    for name, items in found.items():
        notebook = pages.read(ROOT / "release" / name / f"{name}.ipynb")
        title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
        marked = [one for one in verdicts.of_items(notebook, set()) if one["name"] in items]
        rows = "\n".join(_row(one["title"], items[one["name"]]) for one in marked)
        parts.append(
            f"\n### {title}\n\n<table>\n<thead><tr><th>Item</th><th>Right</th><th>Wrong</th>"
            f"<th>What the wrong ones are told</th></tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n"
        )
    return "".join(parts)


def _row(title: str, found: list[bank.Answer]) -> str:
    wrong = [one for one in found if one.kind == "wrong"]
    told = "".join(
        f"<li>{escape(one.name)}: <em>{escape(one.says or 'that it is wrong')}</em></li>"
        for one in wrong
    )
    return (
        f"<tr><td>{escape(title)}</td><td>{len(found) - len(wrong)}</td><td>{len(wrong)}</td>"
        f"<td><details><summary>{len(wrong)} mistakes</summary><ul>{told}</ul></details></td></tr>"
    )
