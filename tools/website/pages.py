"""Notebooks to pages: outputs that need no kernel, folded plotting code, callouts, cost and links."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import struct
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from PIL import Image

LAB = "http://localhost:8888/lab/tree"
FRAMES_MIME = "application/vnd.bench.frames+json"  # written by helpers.widgets.explore
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
SHORT = 12  # lines of code above a picture that stay in view
ABLE = re.compile(r"^\*\*You will be able to\*\*\s*(.*?)(?:\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)
COST = re.compile(r"\*(Needs|Takes|On a GPU)\*\s*")
LEAD = re.compile(r"(\*{1,2})(Predict|Conclude|Ask)(\.?)\1")


def prepare(notebook: NotebookNode, opened: str, pictures: Path, assignment: str | None) -> None:
    """Turn a notebook into a page; ``opened`` is its path in the course, pictures go to files."""
    pictures.mkdir(parents=True, exist_ok=True)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if WIDGET_MIME not in o.get("data", {})]
            _fold(cell)
            for number, output in enumerate(cell.outputs):
                _as_html(output, pictures / f"{cell.id}-{number}")
        else:
            cell.source = callouts(cell.source, cell.id)
    head(notebook.cells[0], opened, assignment)


# ---------------------------------------------------------------- text


def head(cell: NotebookNode, opened: str, assignment: str | None) -> None:
    """Under the title: what one will be able to do, then cost, assignment and notebook in a row."""
    text, entries = cell.source, []
    if COST.search(text):
        before, *rest = COST.split(text)
        last, _, after = rest[-1].partition("\n\n")
        rest[-1] = last
        entries = [(rest[n], _inline(rest[n + 1])) for n in range(0, len(rest), 2)]
        text = f"{before.rstrip()}\n\n@STRIP@\n\n{after}"
    else:
        title, _, after = text.partition("\n")
        text = f"{title}\n\n@STRIP@\n{after}"
    if assignment:
        entries.append(("Assignment", f'<a href="../release/{assignment}.html">{assignment}</a>'))
    name = opened.rpartition("/")[2]
    entries.append(
        (
            "Notebook",
            f'<a href="{name}" download>download</a> (it needs the course beside it), or '
            f'<a href="{LAB}/{opened}">open it</a> while <code>make lab</code> runs',
        )
    )
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries)
    text = text.replace("@STRIP@", f'<dl class="strip">{rows}</dl>')
    cell.source = ABLE.sub(_able, text, count=1)


def _able(found: re.Match) -> str:
    """A sentence stands large; a list stays a list."""
    words = found.group(1)
    if words.lstrip().startswith("- "):
        return f"**You will be able to**\n\n{words}\n\n"
    return f'<div class="able">\n\n**You will be able to** {words}\n\n</div>\n\n'


def _inline(text: str) -> str:
    """The little Markdown of a cost line as HTML: code, emphasis, links."""
    made = html.escape(" ".join(text.split()), quote=False)
    made = re.sub(r"`([^`]+)`", r"<code>\1</code>", made)
    made = re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", r'<a href="\2">\1</a>', made)
    return re.sub(r"\*\*?([^*]+)\*\*?", r"<em>\1</em>", made)


def callouts(text: str, name: str) -> str:
    """Paragraphs that begin with Predict or Conclude, and exercises, set apart as such."""
    if 'class="callout' in text:
        return text
    if re.match(r"exercise-\d+$", name):
        return f'<div class="callout exercise">\n\n{text}\n\n</div>'
    blocks = text.split("\n\n")
    for number, block in enumerate(blocks):
        lead = LEAD.match(block)
        if lead and lead.group(2) in ("Predict", "Conclude"):
            kind = lead.group(2).lower()
            block = f"**{lead.group(2)}{lead.group(3)}**{block[lead.end() :]}"
            blocks[number] = f'<div class="callout {kind}">\n\n{block}\n\n</div>'
    return "\n\n".join(blocks)


# ---------------------------------------------------------------- code and outputs


def _fold(cell: NotebookNode) -> None:
    """Long code that draws is one click away; so is what the lecture itself folds."""
    draws = any(o.get("data", {}).keys() & {"image/png", FRAMES_MIME} for o in cell.outputs)
    long = cell.source.count("\n") >= SHORT
    tags = cell.metadata.setdefault("tags", [])
    folded = cell.metadata.get("jupyter", {}).get("source_hidden") or (draws and long)
    if folded and not {"hide-input", "hide-cell"} & set(tags):
        tags.append("hide-input")


def _as_html(output: NotebookNode, target: Path) -> None:
    data = output.get("data", {})
    if output.output_type == "stream" and output.text.startswith("check passed"):
        _check(output)
    elif FRAMES_MIME in data:
        output.data = {"text/html": frames_html(data[FRAMES_MIME], target)}
    elif "image/png" in data:
        about = output.metadata.get("image/png", output.metadata)
        output.data = {"text/html": _image(data["image/png"], target.with_suffix(".png"), about)}


def _check(output: NotebookNode) -> None:
    """The line that says that a check passed, and what it printed besides."""
    first, _, rest = output.text.partition("\n")
    made = f'<p class="check">{html.escape(first[0].upper() + first[1:])}</p>'
    if rest.strip():
        made += f"<pre>{html.escape(rest)}</pre>"
    output.clear()
    output.update(output_type="display_data", data={"text/html": made}, metadata={})


def _image(picture: str, target: Path, about: dict) -> str:
    """``about``: the output's metadata: alt, and width and height where they are not the PNG's."""
    raw = base64.b64decode(picture)
    target.write_bytes(raw)
    width, height = struct.unpack(">II", raw[16:24])  # from the PNG header
    kind = "figure drawn" if drawn(raw) else "figure"
    return (
        f'<img class="{kind}" src="{_url(target)}" alt="{html.escape(about.get("alt", ""))}" '
        f'width="{about.get("width", width)}" height="{about.get("height", height)}" loading="lazy">'
    )


def drawn(picture: bytes) -> bool:
    """Whether it is lines on white, which a dark page may show in reverse, and no picture of data."""
    with Image.open(io.BytesIO(picture)) as image:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        tones = ground.convert("L").resize((128, 128), Image.Resampling.BOX).histogram()
    return sum(tones[235:]) > 0.5 * 128**2 and sum(tones[:110]) < 0.04 * 128**2


def _url(target: Path) -> str:
    """A page lies one folder below the site's root, as its pictures' folder does."""
    return f"../pictures/{target.parent.name}/{target.name}"


def frames_html(frames: dict, target: Path) -> str:
    """One range input per control over images that lie beside the page."""
    urls = []
    for number, picture in enumerate(frames["pictures"]):
        file = target.with_name(f"{target.name}-{number}.png")
        file.write_bytes(base64.b64decode(picture))
        urls.append(_url(file))
    places, rest = [], frames["first"]
    for _, labels in reversed(frames["controls"]):
        rest, place = divmod(rest, len(labels))
        places.insert(0, place)
    controls = "".join(
        _slider(name, labels, place)
        for (name, labels), place in zip(frames["controls"], places, strict=True)
        if len(labels) > 1
    )
    first = _image(frames["pictures"][frames["first"]], target.with_suffix(".png"), frames)
    data = html.escape(json.dumps(urls))
    return f'<figure class="frames" data-urls="{data}">{controls}{first}</figure>'


def _slider(name: str, labels: list[str], place: int) -> str:
    return (
        f"<label><span>{html.escape(name)}</span>"
        f'<input type="range" min="0" max="{len(labels) - 1}" value="{place}" '
        f'aria-valuetext="{html.escape(labels[place])}" '
        f'data-labels="{html.escape(json.dumps(labels))}">'
        f"<output>{html.escape(labels[place])}</output></label>"
    )


def without_tests(notebook: NotebookNode) -> None:
    """An assignment's description: its text and the answers' stubs, without the test cells."""
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "markdown" or not cell.metadata.get("nbgrader", {}).get("grade")
    ]


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)
