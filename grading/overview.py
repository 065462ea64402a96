"""A page of the class beside its feedback: marks, what is not final, and how each item went."""

from pathlib import Path
from statistics import median
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, Template

from . import items, report

BARS = 10  # of the histogram


def page(
    name: str, found: list[dict], pages: dict[str, list[str]], made: str, titles: dict[str, str]
) -> str:
    """found: rows of `report.rows`; pages: student -> their feedback, relative to this page; titles:
    of items, where they are known.
    """
    marked = [row for row in found if row["score"] is not None]
    rows = [row | {"standing": report.standing(row)} for row in found]
    return template("class.html.j2").render(
        name=name,
        made=made,
        rows=[row | {"pages": [quote(path) for path in pages[row["student"]]]} for row in rows],
        middle=median([row["score"] for row in marked]) if marked else None,
        most=max([row["max_score"] for row in found], default=0),
        bars=histogram(marked),
        items=[
            item.summary() | {"title": titles.get(item.name, "")}
            for item in items.tally(found).values()
        ],
        unsettled=[row for row in rows if row["standing"] not in ("graded", "missing")],
        points=lambda number: "–" if number is None else f"{number:.4g}",
    )


def template(name: str) -> Template:
    folder = Path(__file__).with_name("templates") / "page"
    return Environment(loader=FileSystemLoader(folder), autoescape=True).get_template(name)


def histogram(marked: list[dict]) -> list[dict]:
    """How many have a mark in each tenth of the points; the last includes the maximum."""
    counts = [0] * BARS
    for row in marked:
        share = row["score"] / row["max_score"] if row["max_score"] else 0
        counts[min(int(share * BARS), BARS - 1)] += 1
    highest = max(counts, default=0) or 1
    return [
        {
            "label": f"{100 * i // BARS} to {100 * (i + 1) // BARS} %",
            "count": count,
            "share": 100 * count / highest,
        }
        for i, count in enumerate(counts)
    ]
