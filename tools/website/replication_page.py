"""The page about replication: what did not always hold in view, each lecture's whole list folded."""

from __future__ import annotations

import re
from pathlib import Path

import pages

ROOT = Path(__file__).resolve().parents[2]
COUNT = re.compile(r"(\d+) runs? \(.*?\): (\d+) of (\d+) assertions")
CELL = re.compile(r"(?<!\\)\|")
HEAD = "| held | cell | assertion | not in (offset, processor) |\n|---|---|---|---|\n"
SUMMARY = "| lecture | runs | assertions | held in every run |\n|---|---|---|---|\n"


def write(folder: Path) -> None:
    counted = (ROOT / "course" / "replication.md").read_text("utf-8")
    (folder / "replication.md").write_text(page(counted), "utf-8")


def page(text: str) -> str:
    """course/replication.md as a page of the site."""
    top, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    summary, made = "", ""
    for section in sections:
        stem, _, rest = section.partition("\n")
        said, _, table = rest.strip().partition("\n\n")
        title = pages.title(pages.read(ROOT / "course" / f"{stem}.ipynb"))
        runs, held, all_ = COUNT.match(said).groups()
        summary += f"| [{title}](#{stem}) | {runs} | {all_} | {held} |\n"
        made += f"\n({stem})=\n\n## [{title}]({stem}.ipynb)\n\n{said}\n\n{_tables(table)}"
    return f"{top}{SUMMARY}{summary}{made}"


def _tables(table: str) -> str:
    """What did not always hold, then all in a fold; how often stands first, as a phone shows it."""
    rows = []
    for line in table.splitlines()[2:]:
        cell, what, held, missed = CELL.split(line.strip())[1:5]
        rows.append((f"|{held}|{cell}|{what}|{missed}|\n", missed.strip()))
    failed = "".join(row for row, missed in rows if missed)
    shown = f"{HEAD}{failed}" if failed else ""
    whole = HEAD + "".join(row for row, _ in rows)
    return f"{shown}\n<details>\n<summary>All {len(rows)}, cell by cell</summary>\n\n{whole}\n</details>\n"
