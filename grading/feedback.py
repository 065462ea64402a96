"""nbgrader's feedback pages, without the hidden tests, and saying so where nothing was graded."""

import re
import sys

from nbconvert.exporters import HTMLExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
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


class Pages(HTMLExporter):
    """nbgrader's page, which shows no score where nothing was graded."""

    def from_notebook_node(self, nb: NotebookNode, resources=None, **kwargs):
        page, resources = super().from_notebook_node(nb, resources, **kwargs)
        info = resources["nbgrader"]
        with Gradebook(info["db_url"]) as gradebook:
            found = outcomes.read(gradebook.db, info["assignment"], info["student"])
        if any(detail["state"] == outcomes.NOT_GRADABLE for detail in found.values()):
            page = TITLE_SCORE.sub("(not graded)", page, count=1)
        return page, resources


class _Everyone(GenerateFeedback):
    """GenerateFeedback for given folders: nbgrader overlooks students with brackets in their names."""

    def init_notebooks(self) -> None:
        self.notebooks = []
        self.assignments = {
            str(folder): [str(path) for path in folder.glob("*.ipynb")] for folder in self.folders
        }


def feedback(course, arguments) -> int:
    """``python -m grading feedback``: a page for everyone whose work has been graded."""
    name = arguments.assignment
    course.plan(name)  # says what is wrong where there is no such assignment
    course.dir.assignment_id = name
    converter = _Everyone(coursedir=course.dir, config=course.config)
    converter.force, converter.folders = True, course.folders("autograded", name).values()
    try:
        converter.start()
    except NbGraderException as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    written = len(course.folders("feedback", name))
    print(f"feedback for {written} students in {course.root / course.dir.feedback_directory}")
    return 0
