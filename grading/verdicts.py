"""What a feedback page says of each item: its title, points, result, and the check's message."""

import re

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task

from . import outcomes

SIGNS = {
    "full": ("✓", "right"),
    "part": ("◐", "in part"),
    "none": ("✗", "not yet right"),
    "blank": ("○", "not begun"),
    "waits": ("…", "to be marked"),
}
LABEL = re.compile(r"(Tried|Expected|Came|At|Likely):\s*(.*)")
HEADING = re.compile(r"#{1,6}\s+(\S.*)")
TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")  # marks that turn the text after them round
POINTS = re.compile(r"\s*\(\d+ points?\b[^()]*\)$")  # which the page shows in a column of their own
FILE = re.compile(r"\([^()\n]*, line (\d+)\)")  # where Python says a syntax error is
BLANK = re.compile(r"still to be (written|answered)|NotImplementedError|^No response")


class Verdicts(NbGraderPreprocessor):
    """Writes `verdicts`, one for each item in the order of the page, among the resources."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        info = resources["nbgrader"]
        with Gradebook(info["db_url"]) as gradebook:
            found = outcomes.read(gradebook.db, info["assignment"], info["student"])
            notebook = gradebook.find_submission_notebook(
                info["notebook"], info["assignment"], info["student"]
            )
            waiting = {grade.name for grade in notebook.grades if grade.needs_manual_grade}
        resources["not_graded"] = any(
            detail["state"] == outcomes.NOT_GRADABLE for detail in found.values()
        )
        resources["verdicts"] = of_items(nb, waiting)
        resources["verdict_of"] = {item["name"]: item for item in resources["verdicts"]}
        return nb, resources


def of_items(nb: NotebookNode, waiting: set[str]) -> list[dict]:
    """What is said of each marked cell, in the order of the notebook; waiting: marked by a person."""
    title, stopped, verdicts = "", "", []
    for cell in nb.cells:
        if is_solution(cell):  # the headings of an answer are its own
            stopped = _stopped(cell) if cell.cell_type == "code" else stopped
        elif cell.cell_type == "markdown":
            title = _heading(cell.source) or title
        if is_grade(cell) or is_task(cell):
            verdicts.append(_verdict(cell, title, waiting, stopped))
    return verdicts


def _stopped(cell: NotebookNode) -> str:
    """The error that an answer's cell itself ended with; not one that says it is still blank."""
    for output in cell.get("outputs", []):
        if output.output_type == "error" and output.ename != "NotImplementedError":
            return FILE.sub(r"(line \1)", f"{output.ename}: {output.evalue}").split("\n")[0][:160]
    return ""


def _heading(source: str) -> str:
    """The last heading of a text, without its marks."""
    lines = [HEADING.match(line) for line in TURNED.sub("", source).splitlines()]
    found = [line[1][:200].strip("#*` ") for line in lines if line]
    return POINTS.sub("", found[-1])[:100] if found else ""


def _verdict(cell: NotebookNode, title: str, waiting: set[str], stopped: str = "") -> dict:
    data = cell.metadata.nbgrader
    score, most = float(data.get("score") or 0), float(data.get("points") or 0)
    lines = message(cell) if score < most else []
    if stopped and lines and lines[0][1].startswith("NameError"):
        lines.append(("Likely cause", f"the cell of the answer stopped with {stopped}"))
    text = "\n".join(line for _, line in lines) or data.get("comment") or ""
    state = "full" if score >= most else "part" if score > 0 else "none"
    if data.grade_id in waiting:
        state, lines = "waits", []
    elif state == "none" and BLANK.search(text):
        state, lines = "blank", []
    sign, words = SIGNS[state]
    named = dict(lines)
    why = cause(named) or named.get("Expected", "") and f"expected {named['Expected']}"
    why = why or next(iter(named.values()), "")
    return {
        "name": data.grade_id,
        "title": title or data.grade_id,
        "score": score,
        "most": most,
        "lost": most - score,
        "state": state,
        "sign": sign,
        "words": words,
        "lines": lines,
        "cause": why.split("\n")[0][:160],
    }


def cause(lines: dict[str, str]) -> str:
    """The likely cause that a test named; of an answer that is not by hand, what it uses; else ""."""
    found = lines.get("Likely cause", "")
    if not found and lines.get("Expected") == "an answer by hand":
        found = lines.get("Came", "")
    return found.split("\n")[0][:160]


def message(cell: NotebookNode) -> list[tuple[str, str]]:
    """What the test said: tried, expected, came, likely cause; else the exception."""
    for output in cell.get("outputs", []):
        if output.output_type != "error":
            continue
        lines: list[tuple[str, str]] = []
        for line in output.evalue.splitlines():
            label = LABEL.match(line)
            if label:
                name = "Likely cause" if label[1] == "Likely" else label[1]
                lines.append((name, label[2]))
            elif lines:
                lines[-1] = (lines[-1][0], f"{lines[-1][1]}\n{line.strip()}")
        return lines or [("Came", f"{output.ename}: {output.evalue}".strip(": "))]
    return []
