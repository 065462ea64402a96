"""The steps that take the place of nbgrader's own when it autogrades: see ``nbgrader_config.py``."""

import json
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from . import cells, foreign, late, marks, outcomes
from .limits import Limits
from .notebook import mend_pictures
from .submission import digest


class RestoreCells(NbGraderPreprocessor):
    """Puts the assignment's own cells and kernel back before anything else sees the notebook.

    First of ``Autograde.sanitize_preprocessors``. What it had to repair, and the assignment's
    version, go into the notebook's metadata, for ``GuardedExecute``.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        info, course = resources["nbgrader"], self.parent.parent.coursedir
        reference = self._reference(course, info)
        with Gradebook(info["db_url"], course.course_id) as gradebook:
            notebook = gradebook.find_notebook(info["notebook"], info["assignment"])
            known, ordered = cells.definition(notebook, reference)
            kernelspec = json.loads(notebook.kernelspec or "null")
        if kernelspec:
            nb.metadata["kernelspec"] = kernelspec
        if reference:
            where = reference.parent.parent, foreign.called(reference)
            if why := foreign.belongs_to(nb, cells.locked_texts(known), *where):
                raise cells.NotThisAssignment(why)
        notes = cells.restore(nb, known, ordered)
        nb.metadata["grading"] = {"notes": notes, "version": cells.version(known)}
        for cell in nb.cells:
            mend_pictures(cell)
        return nb, resources

    def _reference(self, course, info: dict) -> Path | None:
        for step in (course.source_directory, course.release_directory):
            folder = Path(course.format_path(step, ".", info["assignment"]))
            if (path := folder / f"{info['notebook']}.ipynb").is_file():
                return path
        return None


class SaveOutcome(SaveAutoGrades):
    """Writes the marks that ``GuardedExecute`` decided, the penalty for a late submission and what
    became of the notebook in one transaction, and says in the notebook what was not graded.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        info, found = resources["nbgrader"], resources.get("grading")
        if found is None:  # --no-execute
            return super().preprocess(nb, resources)
        course, where = self.parent.parent.coursedir, (info["assignment"], info["student"])
        folder = Path(course.format_path(course.submitted_directory, where[1], where[0]))
        comments = {
            cell.metadata.nbgrader.grade_id: _comment(cell)
            for cell in nb.cells
            if utils.is_solution(cell) or utils.is_task(cell)
        }
        with Gradebook(info["db_url"]) as gradebook:
            before = outcomes.read(gradebook.db, *where).get(where[1])
            parts = {k: v for k, v in before["parts"].items() if k} if before else {}
            for notebook in gradebook.find_submission(*where).notebooks:
                if notebook.name == info["notebook"]:
                    marks.write(notebook, found["scores"], comments)
                    late.penalise(notebook, gradebook, self.config)
                    parts[notebook.name] = found["detail"]
                elif not (folder / f"{notebook.name}.ipynb").is_file():
                    marks.write(notebook, {}, {})  # nbgrader's is a zero
                    why = f"{notebook.name}.ipynb was not handed in"
                    parts[notebook.name] = outcomes.whole(outcomes.PARTIAL, [why])
            seen = digest(folder, Limits(parent=self)) or ""
            outcomes.write(gradebook.db, *where, seen, parts)
            gradebook.db.commit()
        if reasons := found["detail"]["reasons"]:
            nb.cells.insert(0, new_markdown_cell(explanation(outcomes.PARTIAL, reasons)))
        return nb, resources


def _comment(cell: NotebookNode) -> str | None:
    """What nbgrader's SaveAutoGrades says of an answer."""
    same = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
    return "No response." if same and not utils.is_task(cell) else None


def explanation(state: str, reasons: list[str]) -> str:
    """Markdown that tells a student why a submission was not graded as a whole."""
    lines = "\n".join(f"- {reason}" for reason in reasons)
    if state == outcomes.PARTIAL:
        rest = "Everything else was graded as usual. Ask your instructor if this surprises you."
        return f"**This notebook was graded in part.**\n\n{lines}\n\n{rest}"
    rest = "It has no marks yet: that is not a mark of zero. Please talk to your instructor."
    return f"**This submission could not be graded.**\n\n{lines}\n\n{rest}"
