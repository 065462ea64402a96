"""What a feedback page shows: nbgrader's page made safe and bounded, and a plain one besides."""

import html
import json
from contextlib import suppress
from pathlib import Path

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from . import hidden, outcomes, outputs
from .formula import to_mathml

LONGEST_TEXT = 8_000  # characters of a text that are rendered; a longer one is shown as typed
LONGEST_CODE = 20_000
LONGEST_FORMULA = 2_000
MOST_RENDERED = 100_000  # of all texts of a page
MOST_SHOWN = 1 << 20  # characters of all outputs of a page, pictures not counted
MOST_PICTURES = 24 << 20


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests, and the lines of them that a traceback quotes, out of feedback; and makes
    every output such as a page can show.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        self.done = nb.metadata.get("shown", False)  # the outputs are as a page can show them
        self.left = {False: MOST_SHOWN, True: MOST_PICTURES}
        return super().preprocess(nb, resources)

    def _shown(self, cell: NotebookNode) -> list[NotebookNode]:
        """The cell's outputs, as long as the page has room for them."""
        found, lost = [], 0
        given = cell.get("outputs", [])
        for output in given if self.done else outputs.showable(given):
            text, pictures = outputs.sizes(output)
            self.left[False] -= text
            self.left[True] -= pictures
            if min(self.left.values()) < 0:
                lost += 1
            else:
                found.append(output)
        if lost:
            found.append(outputs.note(f"{lost} outputs are not shown: the page is full"))
        return found

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, index: int
    ) -> tuple[NotebookNode, dict]:
        if cell.cell_type != "code":
            cell.source = hidden.replace(cell.source)  # the mark scheme, with its numbers
            return cell, resources
        cell.outputs = self._shown(cell)
        visible = hidden.replace(cell.source, "# (hidden tests)\n")
        if visible != cell.source:
            cell.source = visible
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


class Renderer(IPythonRenderer):
    """Names a picture that is not there, instead of failing; formulas need no script."""

    def inline_math(self, body: str) -> str:
        return _mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return f'<div class="math">{_mathml(body, "block")}</div>'

    def _embed_image_or_attachment(self, src: str) -> str:
        if not src.startswith("attachment:"):
            return src
        name = src.removeprefix("attachment:")
        if not self.attachments.get(name):
            return f"missing-picture:{name}"
        return super()._embed_image_or_attachment(src)


def _mathml(latex: str, display: str) -> str:
    """A formula as MathML, or as typed where that cannot be made of it."""
    if len(latex) <= LONGEST_FORMULA:
        with suppress(ValueError):  # what a student typed may be anything
            return to_mathml(latex, display)
    return f"<code>{html.escape(latex)}</code>"


class Pages(HTMLExporter):
    """A page of marks and of what to look at, then the notebook; it runs no student's code."""

    def from_notebook_node(self, nb: NotebookNode, resources=None, **kwargs):
        self.rendered = 0
        self.register_filter("highlight_code", self._highlight)
        return super().from_notebook_node(nb, resources, **kwargs)

    def default_filters(self):
        yield from super().default_filters()
        yield "points", lambda number: f"{number or 0:.4g}"

    def _highlight(self, source: str, **keywords) -> str:
        """Code in colours, where it is not too long for that."""
        if len(source) > LONGEST_CODE:
            return f"<pre>{html.escape(source)}</pre>"
        return Highlight2HTML(pygments_lexer="ipython3", parent=self)(source, **keywords)

    @pass_context
    def markdown2html(self, context, source):
        """Markdown to HTML, in time that grows with its length; without scripts."""
        self.rendered += len(source)
        most = 0 if self.rendered > MOST_RENDERED else LONGEST_TEXT
        return rendered(source, context.get("cell", {}).get("attachments", {}), most)


def rendered(source: str, attachments: dict, most: int = LONGEST_TEXT) -> str:
    """Markdown as HTML without scripts; what is too long or cannot be rendered, as typed."""
    why = "it is long"
    if len(source) <= most:
        renderer = Renderer(escape=False, attachments=attachments)
        try:
            return outputs.harmless(MarkdownWithMath(renderer=renderer).render(source))
        except Exception as error:  # nested too deeply, say
            why = html.escape(type(error).__name__)
    return f"<p>(as typed: {why})</p><pre>{html.escape(source)}</pre>"


def plain_page(path: Path, known: dict, why: str, with_cells: bool = True) -> str:
    """A page that cannot fail: the marks, and the cells as typed."""
    say = html.escape
    mark = (
        "not graded"
        if known.get("state") == outcomes.NOT_GRADABLE
        else (f"Score: {known.get('score', 0):g} / {known.get('max_score', 0):g}")
    )
    parts = [
        f'<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>{say(path.stem)}</title>'
    ]
    parts.append(f"<h1>{say(path.stem)} ({mark})</h1>")
    parts.append(f"<p><b>This page is plain: the usual one could not be made ({say(why)}).</b></p>")
    parts += [f"<p>{say(reason)}</p>" for reason in known.get("reasons", [])]
    rows = "".join(
        f"<tr><td>{say(name)}<td>{'-' if score is None else f'{score:g}'} / {most:g}"
        for name, score, most in known.get("items", [])
    )
    parts.append(f"<table>{rows}</table>")
    parts += [
        f"<p>{say(name)}: {say(text)}</p>" for name, text in known.get("comments", []) if text
    ]
    cells = json.loads(path.read_text("utf-8"))["cells"] if with_cells else []
    for cell in cells:
        source = hidden.replace("".join(cell["source"]), "# (hidden tests)\n")
        parts.append(f"<hr><pre>{say(source)}</pre>")
    return "\n".join(parts) + "\n</html>\n"
