"""Mathematics of the pages: LaTeX to MathML, and a font cut to the characters that occur."""

from __future__ import annotations

import re
from html import unescape
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from fontTools import subset
from sphinx.application import Sphinx

from grading.formula import to_mathml

FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
ROOT = re.compile(r"<(?:msqrt|mroot)\b")


def _visit_inline(translator, node) -> None:
    translator.body.append(to_mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def _visit_block(translator, node) -> None:
    translator.body.append(f'<div class="math">{to_mathml(node.astext(), "block")}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    """As a Sphinx extension: MathML in the pages instead of a script that draws mathematics."""
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
    return {"parallel_read_safe": True}


def characters(pages: list[str]) -> set[int]:
    """What the formulas of these pages show, and each letter in the italic that it is drawn in."""
    formulas = [formula for page in pages for formula in FORMULA.findall(page)]
    text = unescape("".join(TAG.sub("", formula) for formula in formulas))
    found = {ord(character) for character in text} | {0x210E}  # h has a place of its own
    if any(ROOT.search(formula) for formula in formulas):
        found.add(0x221A)  # the sign is an element and no text; without it nothing is drawn
    for first, last, italic in ((65, 90, 0x1D434), (97, 122, 0x1D44E), (0x3B1, 0x3C9, 0x1D6FC)):
        found |= {italic + code - first for code in found if first <= code <= last}
    return found - {0x1D455, 0x0A}


def write_font(pages: list[str], target: Path) -> None:
    """STIX Two Math (SIL Open Font Licence), from the installed ziamath, cut to what occurs."""
    (package,) = find_spec("ziamath").submodule_search_locations
    options = subset.Options(flavor="woff", layout_features=["*"], notdef_outline=True)
    font = subset.load_font(str(Path(package) / "fonts" / "STIXTwoMath-Regular.ttf"), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters(pages))
    cutter.subset(font)
    subset.save_font(font, str(target), options)
