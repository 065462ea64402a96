"""nbgrader's Execute, guarded: sandboxed, limited, its tests out of reach of the answers."""

import re
import time
from copy import deepcopy
from pathlib import Path

from nbclient import NotebookClient
from nbclient.util import run_sync
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import Execute

from . import cells, lines, needless, outcomes
from .bubble import must_stay_hidden
from .kernel import Kernel, KernelDied, limit
from .limits import Limits
from .marks import score_of
from .provisioner import pool
from .running import CellRunner, label

# an exception in a cell that says which limit was met
MET = {
    "memory": re.compile(r"\bMemoryError\b|can't allocate memory|bad_alloc|Cannot allocate memory"),
    "file": re.compile(r"\[Errno 27\]|File too large"),
    "processes": re.compile(r"\[Errno 11\]|can't start new thread"),
}


class GuardedExecute(Execute):
    """Runs a notebook in the sandbox and decides what each test cell deserves.

    It leaves its findings in ``resources["grading"]``: ``detail`` (see ``outcomes.empty``) and
    ``scores``, a mark or None (to be marked by hand) for each graded cell.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.limits = Limits(parent=self)

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        if not self.enabled:  # nbgrader autograde --no-execute
            return nb, resources
        NotebookClient.__init__(self, nb, None)
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        self.detail = detail = outcomes.empty()
        detail["isolated"] = self.limits.isolation
        detail["apart"] = self.limits.isolation and not self.limits.together
        detail |= nb.metadata.pop("grading", {})  # by RestoreCells: notes, version
        self.scores: dict[str, float | None] = {}
        self.odd: dict[str, set[int]] = {}  # lines for which work by hand is refused, their cells
        started = time.monotonic()
        self.runner = CellRunner(self, self.limits, detail)
        self.kernel = Kernel(self, self.limits, detail)
        if detail["apart"]:
            detail["evidence"] += lines.to_read(nb)
            folder = Path(self.resources["metadata"]["path"])
            self.odd, self.runner.calmed = needless.lines(nb, folder)
            self.runner.odd = list(self.odd)
            names = ", ".join(label(nb.cells[place], place) for place in self.runner.calmed)
            if names:
                detail["notes"].append(f"run without imports that no work needs: {names}")
        run_sync(self._run)()
        if self.odd:
            self._judge_the_rest()
        try:
            self.set_widgets_metadata()
        except Exception as error:  # from messages that no widget sends
            detail["evidence"].append(f"widgets that cannot be stored ({type(error).__name__})")
        detail["seconds"] = time.monotonic() - started
        detail["state"] = outcomes.PARTIAL if detail["reasons"] else outcomes.GRADED
        self.resources["grading"] = {"detail": detail, "scores": self.scores}
        return self.nb, self.resources

    def _files(self, folder: Path) -> dict[str, Path]:
        """Plain files beside the notebook. No notebook: they hold the hidden tests."""
        linked = self._linked()
        return {
            str(path.relative_to(folder)): path
            for path in folder.rglob("*")
            if path.suffix != ".ipynb"
            and not path.is_symlink()
            and path.is_file()
            and path.relative_to(folder).parts[0] not in linked
        }

    def _linked(self) -> set[str]:
        """What in the submitted folder is not a plain file or folder: nbgrader follows links."""
        info, course = self.resources["nbgrader"], self.parent.parent.coursedir
        where = (course.submitted_directory, info["student"], info["assignment"])
        folder = Path(course.format_path(*where))
        found = folder.rglob("*") if folder.is_dir() else []
        return {
            path.relative_to(folder).parts[0]
            for path in found
            if path.is_symlink() or not (path.is_file() or path.is_dir())
        }

    def _own(self) -> dict[str, Path]:
        """Files that the assignment brings along, as they are in the course."""
        course, assignment = self.parent.parent.coursedir, self.resources["nbgrader"]["assignment"]
        folder = Path(course.format_path(course.source_directory, ".", assignment))
        found = {str(path.relative_to(folder)): path for path in folder.rglob("*")}
        return {name: path for name, path in found.items() if path.is_file()}

    def _imports(self, own: dict[str, Path]) -> list[str]:
        """Modules that locked cells import, from elsewhere than the folder: none is shadowed there."""
        locked = [c for c in self.nb.cells if c.cell_type == "code" and utils.is_locked(c)]
        names = set().union(*(cells.imports(cell.source) for cell in locked))
        stems = {Path(name).parts[0].removesuffix(".py") for name in own}
        return sorted(name for name in names if name.partition(".")[0] not in stems)

    async def _start(self) -> None:
        if self.limits.isolation:
            pool.hidden = pool.hidden or must_stay_hidden(self.parent.parent.coursedir)
        folder = self.resources["metadata"]["path"]
        brought = self._own()
        self.runner.given = [name for name in brought if not name.endswith((".ipynb", ".py"))]
        own = {name: path for name, path in brought.items() if name.endswith(".py")}
        files = self._files(Path(folder))
        info = await self.kernel.start(folder, files, own, self._imports(own))
        self.nb.metadata["language_info"] = info["language_info"]

    async def _run(self) -> None:
        restarts, stop, dead = self.limits.kernel_restarts, None, set()
        reasons = self.detail["reasons"]
        try:
            await self._start()
            for index, cell in enumerate(self.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    self._score(cell)
                    continue
                if stop is None and self.runner.over:
                    stop = limit(self.limits, "submission")
                    reasons.append(f"{stop} was reached before {label(cell, index)}")
                if stop is not None:
                    self._fail(cell, "NotRun", f"not run: {stop}")
                    continue
                try:
                    await self._grade(cell, index)
                except KernelDied as error:
                    dead.add(index)
                    self._fail(cell, "KernelDied", str(error))
                    reasons.append(f"{label(cell, index)}: {error}")
                    if restarts == 0:
                        stop = f"the kernel died {self.limits.kernel_restarts + 1} times"
                        reasons.append(f"the cells after it were not run: {stop}")
                    elif not self.runner.over:
                        restarts -= 1
                        stop = await self._recover(index, dead)
        finally:
            await self.kernel.stop()

    def _judge_the_rest(self) -> None:
        """Run it without the cells with odd lines: what does not need these is judged by that."""
        places, folder = set().union(*self.odd.values()), Path(self.resources["metadata"]["path"])
        sources = [cell.source if cell.cell_type == "code" else "" for cell in self.nb.cells]
        rest = ["" if place in places else source for place, source in enumerate(sources)]
        gone = set().union(*(cells.bound(sources[place]) for place in places))
        gone -= set().union(*map(cells.bound, rest))
        before, scores = [cell.get("outputs") for cell in self.nb.cells], dict(self.scores)
        for place in places:
            self.runner.calmed[place] = needless.plain_imports(sources[place], folder)
        self.runner.odd = []
        run_sync(self._run)()
        for place, cell in enumerate(self.nb.cells):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            more = (self.scores.get(name) or 0) - (scores.get(name) or 0)
            lost = place in places or (more == 0 and cells.needs(rest, place) & gone)
            if cell.cell_type == "code" and (more < 0 or lost):
                cell.outputs = before[place]
                self.scores |= {name: scores[name]} if name in scores else {}
        for kind in ("reasons", "evidence"):
            self.detail[kind] = list(dict.fromkeys(self.detail[kind]))

    async def _recover(self, upto: int, dead: set[int]) -> str | None:
        """A fresh kernel, brought to where the dead one was; why that failed, or None."""
        await self.kernel.stop()
        await self._start()
        for index, cell in enumerate(self.nb.cells[:upto]):
            if cell.cell_type == "code" and cell.source.strip() and index not in dead:
                copy = NotebookNode(deepcopy(cell), outputs=[])
                try:
                    await self.runner.run(self.kernel, copy, index)
                except KernelDied as error:
                    return f"the kernel died again while cells before it were repeated: {error}"
        return None

    async def _grade(self, cell: NotebookNode, index: int) -> None:
        """Run a cell; where it is a test, score it."""
        self.runner.shown = []
        reply = await self.runner.run(self.kernel, cell, index)
        self.on_cell_executed(cell=cell, cell_index=index, execute_reply={"content": reply})
        self._name_limit(reply, label(cell, index))
        payload = reply.get("payload")
        for each in payload if isinstance(payload, list) else ():
            if isinstance(each, dict) and each.get("source") == "ask_exit":
                raise KernelDied(each.get("why", "the cell told the kernel to quit"))
            if isinstance(each, dict) and each.get("source") == "changed":
                shown = ", ".join(map(repr, each["files"][:5]))
                what = f"tests from {label(cell, index)} on may read {shown} as answers changed it"
                self.detail["evidence"].append(what)
        self._score(cell, reply)

    def _name_limit(self, reply: dict, label: str) -> None:
        """Say which limit an exception met, where it met one."""
        text = f"{reply.get('ename')}: {str(reply.get('evalue'))[:2000]}"
        for name, pattern in MET.items():
            if pattern.search(text):
                self.detail["reasons"].append(f"{label} met {limit(self.limits, name)}")

    def _score(self, cell: NotebookNode, reply: dict | None = None) -> None:
        if not utils.is_grade(cell):
            return
        name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
        if utils.is_solution(cell) or cell.cell_type != "code":
            missing = cell.metadata.nbgrader.get("checksum") == cells.MISSING
            self.scores[name] = None if missing else utils.determine_grade(cell, self.log)[0]
            return
        mark, why = score_of(cell.source, self.runner.shown, points, _failed(cell, reply))
        self.scores[name] = mark
        if why:
            self.detail["evidence"].append(f"test {name!r}: {why}")
            text = f"{mark:g} of {points:g} points: {why}\n"
            cell.outputs.append(NotebookNode(output_type="stream", name="stderr", text=text))

    def _fail(self, cell: NotebookNode, name: str, why: str) -> None:
        """Give a cell an error that says why it has no result, and no marks."""
        text = f"\x1b[0;31m{name}\x1b[0m: {why}"
        error = {"output_type": "error", "ename": name, "evalue": why, "traceback": [text]}
        cell.outputs = [*cell.get("outputs", []), NotebookNode(error)]
        self.runner.shown = []
        self._score(cell)


def _failed(cell: NotebookNode, reply: dict | None) -> bool:
    """Whether the cell raised, by the kernel's reply or by its outputs."""
    replied = reply is not None and reply.get("status") != "ok"
    return replied or any(output.output_type == "error" for output in cell.get("outputs", []))
