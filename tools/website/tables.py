"""Columns of numbers in Markdown's tables: to the right and in one line, as `show.table` has them."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

NUMBER = re.compile(r"[-−+±]?\d[\d.,]*( ?%| of \d+| ± [\d.]+| / [\d.]+( ?%)?| \([\d.]+ ?%\))?")


def setup(app: Sphinx) -> dict:
    """As a Sphinx extension."""
    app.connect("doctree-read", _mark)
    return {"parallel_read_safe": True}


def _mark(_app: Sphinx, page: nodes.document) -> None:
    for table in page.findall(nodes.tgroup):
        head, body = (
            [[*row.findall(nodes.entry)] for part in table.findall(kind) for row in part]
            for kind in (nodes.thead, nodes.tbody)
        )
        for number, column in enumerate(zip(*body, strict=True)):
            said = [text for entry in column if (text := entry.astext().strip())]
            if said and all(map(NUMBER.fullmatch, said)):
                for row in head + body:
                    row[number]["classes"].append("number")
