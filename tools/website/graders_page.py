"""The page about the graders: in figures how they judged what strangers wrote, then the bank, item by item."""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

import pages
import rounds

from grading import verdicts

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
import bank  # noqa: E402

SPECIMEN = ("a2_cnn", "pool", "from zero")  # a wrong answer, and what its student is told
MESSAGE = """\
Item:     Item 5, max_pool
Tried:    max_pool(x (2, 3, 6, 6) of both signs, torch.float64, K=2, S=2)
Expected: [0.42853, 0.843349, 0.940004, -0.114473, ...] float64 (2, 3, 3, 3)
Came:     [0.42853, 0.843349, 0.940004, 0, ...] float64 (2, 3, 3, 3)
Likely:   a result that starts from 0 hides negative numbers"""
TOP = """# The graders, graded

A grader is a measuring instrument, and is calibrated like one: by answers of which is known what they deserve. A wrong
answer must lose the points of its item and of no other, and be told why; a right one must keep them, however unlike
ours it is written. `make graders` checks that for @ANSWERS@ answers, graded in the sandbox as a class is.

<div class="columns">
<p><strong class="big">@CAUGHT@</strong> of @WRONG@ wrong answers by strangers were caught at the first try, in the last two
rounds of each assignment: all but @MISSED@.</p>
<p><strong class="big">@ACCEPTED@</strong> of @RIGHT@ right answers by the same strangers kept their marks.</p>
<p><strong class="big">@TOLD@</strong> of those caught were told a likely cause; of @CAUSES@ causes @FOREIGN@ were not what was
wrong.</p>
</div>

## One of them

A mistake that pictures of ink on black would never show: the largest of each window is sought from 0 upwards.

```python
@CODE@
```

What its student is told, when the item is tested:

```text
@MESSAGE@
```

## Answers nobody here wrote

1. Strangers write answers from the released notebooks alone, each with the mark that it deserves: no tests, no checks
   and no bank in view.
2. All are graded once. The figures are those of this first try, and stay as they were.
3. What was misjudged is mended in kind: not that answer alone, but whatever else the same gap lets through.
4. An answer that has been seen proves nothing more. The next round is written by others.

@OVERVIEW@

*Missed*: wrong, and not caught. *Rejected*: right, and marked as wrong. *Told a cause*: of those caught, as far as it was
counted. *Not theirs*: causes told that, by reading the answer, are not what is wrong. A fourth round was lost before it was judged.

### What each round showed

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
    report = (bank.BANK / "README.md").read_text("utf-8").partition("\n## Answers nobody")[2]
    strangers, after, more = report.partition("\n## Solved from")
    each = rounds.read(strangers)
    parts = [_top(each, found, count), *map(rounds.folded, reversed(each)), after, more, BANK]
    for name, items in found.items():
        notebook = pages.read(ROOT / "release" / name / f"{name}.ipynb")
        marked = [one for one in verdicts.of_items(notebook, set()) if one["name"] in items]
        rows = "\n".join(_row(one["title"], items[one["name"]]) for one in marked)
        parts.append(
            f"\n### {pages.title(notebook)}\n\n<table>\n<thead><tr><th>Item</th><th>Right</th><th>Wrong</th>"
            f"<th>What the wrong ones are told</th></tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n"
        )
    return "".join(parts)


def _top(each: list[rounds.Round], found: dict, count: str) -> str:
    last = rounds.summed(rounds.latest(each))
    assignment, item, name = SPECIMEN
    code = next(one.source for one in found[assignment][item] if one.name == name)
    values = {
        "ANSWERS": count,
        "CAUGHT": rounds.share(last.caught, last.wrong),
        "WRONG": f"{last.wrong:,}",
        "MISSED": f"{last.wrong - last.caught}",
        "ACCEPTED": rounds.share(last.accepted, last.right),
        "RIGHT": f"{last.right:,}",
        "TOLD": rounds.share(last.told, last.explained),
        "CAUSES": f"{last.told:,}",
        "FOREIGN": f"{last.foreign}",
        "CODE": code,
        "MESSAGE": MESSAGE,
        "OVERVIEW": rounds.overview(each),
    }
    text = TOP
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


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
