"""Mathematics of the pages: LaTeX to MathML, and a font cut to the characters that occur."""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
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
SPACE = re.compile(r' xmlns="[^"]*"')
BARE = re.compile(r"&(?!#?\w+;)")
RELATIONS, SIGNS, BARS = set("=<>≤≥≈≠∼~∝∈←→↦≡"), set("+−-"), set("|‖∥∣")
FENCES = {**dict.fromkeys("([{⟨⌊⌈", 1), **dict.fromkeys(")]}⟩⌋⌉", -1)}
WIDE = "\u2003"  # a space as wide as \quad, at which a line may end
LONG = 24  # signs of a formula in a line of text, which may then go on in the next


def _visit_inline(translator, node) -> None:
    made = to_mathml(node.astext(), "inline")
    if len(unescape(TAG.sub("", made))) > LONG:
        made = WIDE.join(map(_line, pieces(made)))
    translator.body.append(made)
    raise nodes.SkipNode


def _visit_block(translator, node) -> None:
    """The formula, and where a narrow page may break it, its pieces, which stand for it there."""
    made = to_mathml(node.astext(), "block")
    found = pieces(made)
    if sum(map(len, found)) > 1:
        large = ' displaystyle="true"'
        lines = " ".join(f'<span class="part">{_line(part, large)}</span>' for part in found)
        made = f'<div class="whole">{made}</div><div class="parts">{lines}</div>'
    translator.body.append(f'<div class="math">{made}</div>')
    raise nodes.SkipNode


def _line(part: list[str], style: str = "") -> str:
    """A part's pieces as formulas side by side, between which a line may end."""
    return "<wbr>".join(f"<math{style}><mrow>{piece}</mrow></math>" for piece in part)


def pieces(made: str) -> list[list[str]]:
    """A formula's parts, which wide spaces separate, each cut before signs of relation and + and −."""
    (row,) = xml.fromstring(BARE.sub("&amp;", SPACE.sub("", made)))
    parts: list[list[list]] = [[[]]]
    depth, bars, before = 0, False, ""
    for node in row:
        sign = "".join(node.itertext())
        inside, operator = depth > 0 or bars, node.tag == "mo"
        if node.get("width") in ("1em", "2em") and not inside:  # \quad, \qquad
            parts.append([[]])
        else:
            sum_goes_on = sign in SIGNS and before not in RELATIONS | SIGNS | {"", ","}
            if operator and parts[-1][-1] and not inside and (sign in RELATIONS or sum_goes_on):
                node.set("form", "infix")
                parts[-1].append([])
            parts[-1][-1].append(node)
        base = sign[:1] if node.tag in ("mo", "msup", "msub", "msubsup") else ""
        if base in BARS and depth == 0:  # a bar with an index alone says where a slope is taken
            bars = not bars and node.tag == "mo"
        depth = max(depth + FENCES.get(base, 0), 0)
        before = before if node.tag == "mspace" else sign
    return [_written(part) for part in parts if part[0]]


def _written(part: list[list[xml.Element]]) -> list[str]:
    """A part's pieces as MathML; a letter does not stand in a line alone, before its sign of equality."""
    texts = ["".join(xml.tostring(node, encoding="unicode") for node in piece) for piece in part]
    if len(texts) > 1 and len(TAG.sub("", texts[0])) < 3:
        texts[:2] = [texts[0] + texts[1]]
    return texts


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
