"""Notebooks to pages: outputs that need no kernel, folded plotting code, callouts, cost and links."""

from __future__ import annotations

import ast
import html
import re
from pathlib import Path

import figures
import nbformat
from nbformat.notebooknode import NotebookNode

LAB = "http://localhost:8888/lab/tree"
BUNDLE = "deep-learning-at-the-bench.zip"  # what tools/bundle.py writes
FRAMES_MIME = "application/vnd.bench.frames+json"  # written by helpers.widgets.explore
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
SHORT = 12  # lines of code above a picture that stay in view
ABLE = re.compile(r"^\*\*You will be able to\*\*\s*(.*?)(?:\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)
COST = re.compile(r"\*{1,2}(Needs|Takes|Time|Data|On a\s+GPU)\*{1,2}\s*")
# these stay in one line
NUMBERS = re.compile(r'<td(?= style="text-align: right">[-−+±\d][\d.,±% −-]*</td>)')
LEAD = re.compile(r"(\*{1,2})(Predict|Conclude|Ask)(\.?)\1")


def prepare(
    notebook: NotebookNode, opened: str, pictures: Path, assignment: str | None, lead: str = ""
) -> None:
    """Turn a notebook into a page; ``opened`` is its path in the course, pictures go to files.

    lead: the cell whose picture stands at the top of the page too.
    """
    pictures.mkdir(parents=True, exist_ok=True)
    first = ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = shown(cell)
            _fold(cell)
            for number, output in enumerate(cell.outputs):
                _as_html(output, pictures / f"{cell.id}-{number}", cell.metadata.get("panels", ()))
                if cell.id == lead and "<img" in output.get("data", {}).get("text/html", ""):
                    first = _lead(output.data["text/html"], lead)
                    output.data["text/html"] = f'<div id="{lead}">{output.data["text/html"]}</div>'
        else:
            cell.source = callouts(cell.source, cell.id)
    head(notebook.cells[0], opened, assignment, first)


# ---------------------------------------------------------------- text


def _lead(picture: str, name: str) -> str:
    """A lecture's one picture, which leads to the place where it is made."""
    picture = picture.replace(' loading="lazy"', "")
    return f'\n<figure class="lead"><a href="#{name}">{picture}</a></figure>\n'


def head(cell: NotebookNode, opened: str, assignment: str | None, lead: str = "") -> None:
    """Under the title: what one will be able to do, a picture, then cost, assignment, notebook."""
    text, entries = cell.source, []
    if COST.search(text):
        before, *rest = COST.split(text)
        last, _, after = rest[-1].partition("\n\n")
        rest[-1] = last
        pairs = zip(rest[::2], rest[1::2], strict=True)
        entries = [(" ".join(name.split()), _inline(text)) for name, text in pairs]
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
            f'<a href="{name}" download>download</a>, alone or <a href="../{BUNDLE}" download>with all '
            f'it needs</a> (zip), or <a href="{LAB}/{opened}">open it</a> while <code>make lab</code> runs',
        )
    )
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in entries)
    text = text.replace("@STRIP@", f'{lead}<dl class="strip">{rows}</dl>')
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
    before, *each = re.split(r"^(?=\*\*\d+\. )", text, flags=re.MULTILINE)
    if each and name.startswith("exercise"):
        boxes = [f'<div class="callout exercise">\n\n{one.strip()}\n\n</div>' for one in each]
        return before + "\n\n".join(boxes)
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
    folded = cell.metadata.get("jupyter", {}).get("source_hidden")
    folded = folded or (draws and long) or _only_imports(cell.source)
    if folded and not {"hide-input", "hide-cell"} & set(tags):
        tags.append("hide-input")


def _only_imports(source: str) -> bool:
    """Whether a cell does nothing but import, set a name or two, and choose the look of figures."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:  # a magic command
        return False
    plain = [isinstance(line, ast.Import | ast.ImportFrom) for line in lines]
    others = [line for line, imports in zip(lines, plain, strict=True) if not imports]
    names = [line for line in others if isinstance(line, ast.Assign)]
    look = all(ast.unparse(line) == "plots.use_style()" for line in others if line not in names)
    return look and sum(plain) > 3 * len(names)


def _as_html(output: NotebookNode, target: Path, panels: list[int | str]) -> None:
    data = output.get("data", {})
    if output.output_type == "stream" and output.text.startswith("check passed"):
        _check(output)
    elif FRAMES_MIME in data:
        made = figures.frames(data[FRAMES_MIME], data["image/png"], target, panels)
        output.data = {"text/html": made}
    elif "image/png" in data:
        about = output.metadata.get("image/png", output.metadata)
        shown = figures.image(data, target, about)
        output.data = {"text/html": figures.stacked(shown, panels, about) if panels else shown}
    elif "<td" in data.get("text/html", ""):
        data["text/html"] = NUMBERS.sub('<td class="number"', data["text/html"])


def _check(output: NotebookNode) -> None:
    """The line that says that a check passed, and what it printed besides."""
    first, _, rest = output.text.partition("\n")
    made = f'<p class="check">{html.escape(first[0].upper() + first[1:])}</p>'
    if rest.strip():
        made += f"<pre>{html.escape(rest)}</pre>"
    output.clear()
    output.update(output_type="display_data", data={"text/html": made}, metadata={})


def without_tests(notebook: NotebookNode) -> None:
    """An assignment's description: its text and the answers' stubs, without the test cells."""
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "markdown" or not cell.metadata.get("nbgrader", {}).get("grade")
    ]


def anchor(heading: str) -> str:
    """A heading's address as JupyterLab has it: one link leads there and to the site's page."""
    return heading.replace(" ", "-")


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def title(notebook: NotebookNode) -> str:
    return notebook.cells[0].source.partition("\n")[0].lstrip("# ")


def shown(cell: NotebookNode) -> list:
    """A cell's outputs without the widgets, which need a kernel; pictures are numbered by these."""
    return [o for o in cell.get("outputs", []) if WIDGET_MIME not in o.get("data", {})]
