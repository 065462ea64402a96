"""nbgrader's feedback pages, without the hidden tests, and saying so where nothing was graded."""

import re
import sys

from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from . import cells, outcomes

TITLE_SCORE = re.compile(r"\(Score: [^)]*\)")


class HideTests(NbGraderPreprocessor):
    """Takes hidden tests, and the lines of them that a traceback quotes, out of feedback."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, index: int
    ) -> tuple[NotebookNode, dict]:
        if cell.cell_type == "code" and cells.HIDDEN.search(cell.source):
            cell.source = cells.HIDDEN.sub("# (hidden tests)\n", cell.source)
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


def feedback(course, arguments) -> int:
    """``python -m grading feedback``: a page for everyone who handed something in."""
    name = arguments.assignment
    plan, states = course.plan(name), course.states(name)
    course.dir.assignment_id = name
    converter = GenerateFeedback(coursedir=course.dir, config=course.config)
    converter.force = True
    try:
        converter.start()
    except NbGraderException as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    written = 0
    for student, detail in states.items():
        folder = course.folder("feedback", student, name)
        written += folder.is_dir()
        if detail["state"] == outcomes.NOT_GRADABLE:
            for notebook in plan.notebooks:
                page = folder / f"{notebook}.html"
                page.write_text(TITLE_SCORE.sub("(not graded)", page.read_text("utf-8"), count=1))
    print(f"feedback for {written} students in {course.root / course.dir.feedback_directory}")
    return 0
