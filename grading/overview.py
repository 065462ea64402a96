"""A page of the class beside its feedback: marks, what is not final, and how each item went."""

from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

from . import items, report

BARS = 10  # of the histogram


def page(
    name: str, found: list[dict], pages: dict[str, list[str]], made: str, titles: dict[str, str]
) -> str:
    """found: rows of `report.rows`; pages: student -> their feedback, relative to this page; titles:
    of items, where they are known.
    """
    folder = Path(__file__).with_name("templates") / "page"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    marked = [row for row in found if row["score"] is not None]
    rows = [row | {"standing": report.standing(row)} for row in found]
    return environment.get_template("class.html.j2").render(
        name=name,
        made=made,
        rows=[row | {"pages": [quote(path) for path in pages[row["student"]]]} for row in rows],
        middle=median([row["score"] for row in marked]),
        most=max([row["max_score"] for row in found], default=0),
        bars=histogram(marked),
        items=[
            item.summary() | {"title": titles.get(item.name, "")}
            for item in items.tally(found).values()
        ],
        unsettled=[row for row in rows if row["standing"] not in ("graded", "missing")],
        points=lambda number: "–" if number is None else f"{number:.4g}",
    )


def median(scores: list[float]) -> float | None:
    ordered, half = sorted(scores), len(scores) // 2
    return (ordered[half] + ordered[-half - 1]) / 2 if ordered else None


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
