"""What Validate shows in JupyterLab: a table of the items, and below it what each failed test says.

nbgrader shows every failed cell with its whole traceback, hundreds of lines for two wrong answers.
Its dialog puts what a failed cell said on the page as HTML: there our table stands, once.
"""

import asyncio
import json
from html import escape

from nbformat.notebooknode import NotebookNode
from nbgrader.server_extensions.validate_assignment import handlers
from nbgrader.utils import determine_grade, is_grade, is_solution, is_task
from nbgrader.validator import Validator
from tornado import web

from grading import verdicts

STYLE = """<style>
#validation-message p, #validation-message > div:has(> pre:empty) { display: none }
#validation-message .items p { display: block; margin: 0 0 8px }
.items { white-space: normal; font: var(--jp-ui-font-size1)/1.5 var(--jp-ui-font-family) }
.items table { border-collapse: collapse; margin: 4px 0 12px }
.items :is(th, td) { text-align: left; padding: 2px 14px 2px 0; vertical-align: top }
.items :is(th, td).points { text-align: right; white-space: nowrap }
.items h4 { margin: 14px 0 2px }
.items dl { display: grid; grid-template-columns: 7em 1fr; gap: 2px 10px; margin: 0 }
.items dt { color: var(--jp-ui-font-color2) }
.items dd { margin: 0; white-space: pre-wrap; font-family: var(--jp-code-font-family) }
</style>"""


class Table(Validator):
    """nbgrader's, with one page in place of all failed cells."""

    def _get_failed_cells(self, nb: NotebookNode) -> list[NotebookNode]:
        self.page = page(nb)
        return super()._get_failed_cells(nb)

    def validate(self, filename: str) -> dict:
        results = super().validate(filename)
        if "failed" in results:
            said = "\n\n".join(failed["raw_error"] for failed in results["failed"])
            results["failed"] = [{"source": "", "error": self.page, "raw_error": said}]
        return results


def page(nb: NotebookNode) -> str:
    """The table and the messages of an executed notebook, as HTML."""
    waiting = set()
    for cell in (cell for cell in nb.cells if is_grade(cell) or is_task(cell)):
        data, score = cell.metadata.nbgrader, determine_grade(cell)[0] if is_grade(cell) else None
        data.score = score or 0
        if score is None:
            waiting.add(data.grade_id)
        elif not score and is_solution(cell):
            data.comment = "No response."  # as the page of feedback says it
    items = verdicts.of_items(nb, waiting)
    rows = "".join(map(row, items))
    head = "<tr><th>Item</th><th class=points>Points</th><th>Result</th></tr>"
    told = "".join(message(item) for item in items if item["lines"])
    marked = [item for item in items if item["state"] != "waits"]
    score, most = (sum(item[name] for item in marked) for name in ("score", "most"))
    sum_ = f"<p>{score:g} of {most:g} points, as far as these tests see; grading tries more.</p>"
    return f"{STYLE}<div class=items>{sum_}<table>{head}{rows}</table>{told}</div>"


def row(item: dict) -> str:
    points = "" if item["state"] == "waits" else f"{item['score']:g} of {item['most']:g}"
    return (
        f"<tr><td>{escape(item['title'])}</td><td class=points>{points}</td>"
        f"<td>{item['sign']} {item['words']}</td></tr>"
    )


def message(item: dict) -> str:
    lines = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in item["lines"])
    return f"<h4>{escape(item['title'])}</h4><dl>{lines}</dl>"


@web.authenticated
async def post(self: handlers.ValidateAssignmentHandler) -> None:
    """nbgrader's, in a thread: the server goes on saving and running other notebooks meanwhile."""
    path = self.get_argument("path", None) or self.get_json_body()["path"]
    self.finish(json.dumps(await asyncio.to_thread(self.validate_notebook, path)))


def install() -> None:
    """From now on this server's Validate shows the table."""
    handlers.Validator = Table
    handlers.ValidateAssignmentHandler.post = post
