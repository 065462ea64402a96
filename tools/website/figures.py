"""Pictures of the pages: drawn ones as SVG that follows the page's light and dark, data as PNG."""

from __future__ import annotations

import base64
import gzip
import html
import io
import itertools
import json
import re
import struct
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from helpers import style

# what figures are drawn in on light pages, and its partner on dark ones
SERIES = "#88a0f8 #f7b040 #3f8d76 #fcd5f4 #80598f #ff7d95 #5fc0ea #f0a080".split()
PARTNERS = dict(zip(style.COLOURS, SERIES, strict=True)) | {
    style.INK: "#dfe4ea",
    style.SECOND: "#a2acb8",
    style.RULE: "#3b4450",
    "#808080": "#a2acb8",  # matplotlib's grey, silver and lightgrey
    "#696969": "#a2acb8",  # its dimgrey
    "#c0c0c0": "#5a6470",
    "#d3d3d3": "#3b4450",
    "#8f3d0c": "#f6b98a",  # gradients, and what tensors, weights and losses are filled with
    "#dfe7f7": "#24304f",
    "#f9e3d3": "#4a3222",
    "#efe3f2": "#3a2b42",
    "#dbe2f5": "#24304f",  # what a network's border encloses
}
PLAIN = {"#000000": "#dfe4ea", "#ffffff": "#15191f"}  # words on a map of values keep these
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
# where a map of values lies, a filled rectangle from its left and bottom, and words, in the picture
MAP = re.compile(
    r'<image [^>]*width="([\d.]+)" height="([\d.]+)" '
    r'transform="matrix\(([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+)\)"'
)
BOX = re.compile(
    r'<path d="M ([\d.]+) ([\d.]+) +L [\d.]+ [\d.]+ +L ([\d.]+) ([\d.]+) +L [\d.]+ [\d.]+ +z *"'
    r'[^>]*style="fill: (#[0-9a-f]{6})'
)
SHADES = re.compile(r'<g id="QuadContourSet_\d+"> *<path [^>]*style="fill: (#[0-9a-f]{6})')
WORD = re.compile(rf'fill: {style.INK}" transform="translate\(([\d.]+) ([\d.]+)\)')
MANY = 8  # colours without a partner: a map of values, which looks alike in light and dark


def save(picture: str, target: Path) -> Path:
    """Write a picture, base64 of a PNG or of a gzipped SVG, to `target` with its ending."""
    raw = base64.b64decode(picture)
    if raw[:2] == b"\x1f\x8b":
        raw, ending = themed(gzip.decompress(raw).decode("utf-8")).encode("utf-8"), ".svg"
    else:
        ending = ".png"
    file = target.with_name(target.name + ending)
    file.write_bytes(raw)
    return file


def themed(svg: str) -> str:
    """An SVG whose colours are variables with two values: as drawn, and for the dark."""
    svg = re.sub(r"(fill|stroke): (black|white)\b", _named, svg)
    svg = "".join(map(_words, re.split(r'(?=<g id="axes_)', svg)))
    found = set(COLOUR.findall(svg))
    maps = "<image" in svg or len(found - PARTNERS.keys() - PLAIN.keys()) > MANY
    partners = {k: v for k, v in (PARTNERS if maps else PARTNERS | PLAIN).items() if k in found}
    names = {colour: f"--c{number}" for number, colour in enumerate(partners)}
    svg = COLOUR.sub(lambda c: f"var({names[c[0]]})" if c[0] in names else c[0], svg)
    light = "".join(f"{name}:{colour};" for colour, name in names.items())
    dark = "".join(f"{name}:{partners[colour]};" for colour, name in names.items())
    both = f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return svg.replace("<defs>", f"<defs> <style>{both}</style>", 1)


def _words(axes: str) -> str:
    """Axes whose words, where they lie on a map or on a shade without a partner, stay in ink: in
    capitals it is not found. Shades between lines of equal value stay on white."""
    drawn, mark, legend = axes.partition('<g id="legend_')
    if set(SHADES.findall(drawn)) - PARTNERS.keys():
        drawn = drawn.replace("fill: none", "fill: white", 1)  # the ground of the axes
        drawn = drawn.replace("#ffffff", "white").replace("#000000", "black")
    boxes = _boxes(drawn)

    def kept(found: re.Match) -> str:
        x, y = float(found[1]), float(found[2])
        over = any(left <= x < right and top <= y < bottom for left, top, right, bottom in boxes)
        return found[0].replace(style.INK, style.INK.upper()) if over else found[0]

    ink = style.INK.upper() if "<image" in drawn else style.INK
    return WORD.sub(kept, drawn) + mark + legend.replace(style.INK, ink)


def _boxes(drawn: str) -> list[tuple[float, ...]]:
    """Left, top, right and bottom of maps of values, and of rectangles in colours without a partner."""
    boxes: list[tuple[float, ...]] = []
    for found in MAP.findall(drawn):
        w, h, wide, high, left, top = map(float, found)
        boxes.append((left, top, left + w * wide, top + h * high))
    for colour, *corners in ((found[-1], *found[:4]) for found in BOX.findall(drawn)):
        if colour not in PARTNERS | PLAIN:
            left, bottom, right, top = map(float, corners)
            boxes.append((left, top, right, bottom))
    return boxes


def _named(found: re.Match) -> str:
    return f"{found[1]}: {'#000000' if found[2] == 'black' else '#ffffff'}"


def image(data: dict, target: Path, about: dict) -> str:
    """The tag of an output's picture: its SVG where it has one.

    ``about``: alt, and width and height where they are not the PNG's.
    """
    raw = base64.b64decode(data["image/png"])
    width, height = struct.unpack(">II", raw[16:24])  # from the PNG header
    file = save(data.get(style.SVG_MIME, data["image/png"]), target)
    if file.suffix == ".svg":
        kind = "figure vector"
    else:
        kind = "figure drawn" if drawn(raw) else "figure"
    return (
        f'<img class="{kind}" src="{url(file)}" alt="{html.escape(about.get("alt", ""))}" '
        f'width="{about.get("width", width)}" height="{about.get("height", height)}" loading="lazy">'
    )


def drawn(picture: bytes) -> bool:
    """Whether it is lines on white, which a dark page may show in reverse, and no picture of data."""
    with Image.open(io.BytesIO(picture)) as image:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        tones = ground.convert("L").resize((128, 128), Image.Resampling.BOX).histogram()
    return sum(tones[235:]) > 0.5 * 128**2 and sum(tones[:110]) < 0.04 * 128**2


def url(target: Path) -> str:
    """A page lies one folder below the site's root, as its pictures' folder does."""
    return f"../pictures/{target.parent.name}/{target.name}"


def frames(found: dict, png: str, target: Path, panels: Sequence[int | str] = ()) -> str:
    """One range input per control over images that lie beside the page. png: the first of them.

    panels: what a phone shows one below the other (see `_parts`).
    """
    files = [
        save(picture, target.with_name(f"{target.name}-{number}"))
        for number, picture in enumerate(found["pictures"])
    ]
    places, rest = [], found["first"]
    for _, labels in reversed(found["controls"]):
        rest, place = divmod(rest, len(labels))
        places.insert(0, place)
    controls = "".join(
        _slider(name, labels, place)
        for (name, labels), place in zip(found["controls"], places, strict=True)
        if len(labels) > 1
    )
    first = {"image/png": png}
    if files[0].suffix == ".svg":
        first[style.SVG_MIME] = found["pictures"][found["first"]]
    shown = image(first, target, found)
    if panels:
        shown += _parts(shown, panels, found)
    kind = "screen panels" if panels else "screen"
    data = html.escape(json.dumps([url(file) for file in files]))
    controls = f'<div class="controls">{controls}</div>'
    return f'<figure class="frames" data-urls="{data}">{controls}<div class="{kind}">{shown}</div></figure>'


def stacked(shown: str, panels: Sequence[int | str], size: dict) -> str:
    """A picture of several panels, which a phone shows one below the other (see `_parts`)."""
    return f'<div class="panels">{shown}{_parts(shown, panels, size)}</div>'


def _parts(shown: str, panels: Sequence[int | str], size: dict) -> str:
    """Windows on the picture, which a phone shows instead of the whole one; the first is described.

    panels: edges from the left, or for each panel its strips, side by side: "0-60 + 383-720/26-339"
    are the columns 0 to 60, and beside them 383 to 720 of the rows 26 to 339.
    """
    if isinstance(panels[0], int):
        panels = [f"{left}-{right}" for left, right in itertools.pairwise(panels)]
    again = re.sub(r'alt="[^"]*"', 'alt="" aria-hidden="true"', shown)
    made = "".join(_panel(again, panel.split("+"), size) for panel in panels)
    return made.replace(again, shown, 1)


def _panel(shown: str, strips: list[str], size: dict) -> str:
    made, total = "", 0
    for strip in strips:
        across, _, down = strip.strip().partition("/")
        left, right = map(int, across.split("-"))
        top, bottom = map(int, down.split("-")) if down else (0, size["height"])
        total += right - left
        place = f"--left:{left};--wide:{right - left};--top:{top};--high:{bottom - top}"
        made += f'<div style="{place};--all:{size["width"]}">{shown}</div>'
    return f'<div class="panel" style="--total:{total}">{made}</div>'


def _slider(name: str, labels: list[str], place: int) -> str:
    long = ' class="long"' if max(map(len, labels)) > 20 else ""
    return (
        f"<label{long}><span>{html.escape(name)}</span>"
        f'<input type="range" min="0" max="{len(labels) - 1}" value="{place}" '
        f'aria-valuetext="{html.escape(labels[place])}" '
        f'data-labels="{html.escape(json.dumps(labels))}">'
        f"<output>{html.escape(labels[place])}</output></label>"
    )
