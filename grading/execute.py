"""nbgrader's Execute, guarded: sandboxed, limited, and suspicious of what it is told."""

import builtins
import random
import re
import secrets
import signal
import time
from copy import deepcopy
from pathlib import Path
from queue import Empty

import zmq
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.util import ensure_async, run_sync
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import Execute

from . import cells, outcomes
from .marks import score_of
from .provisioner import SandboxKernelManager, pool
from .sandbox import MB, Limits, SandboxError, must_stay_hidden, why_not

BUILTINS = set(dir(builtins)) - {"open"}  # IPython has an open of its own
LEAST_OUTPUT = 1 << 16  # what a cell may write though the notebook has written too much
DEAF_SECONDS = 5.0  # between a kernel's answer and its word that it is idle, which follows at once
GRACE_SECONDS = 3.0  # between an interrupt and a kill
LIMIT_NAMES = {
    "memory": "the memory limit ({memory_mb} MB)",
    "processes": "the limit on processes ({processes})",
    "disk": "the limit on files written ({disk_mb} MB)",
    "file": "the limit on the size of a file ({file_mb} MB)",
    "output": "the output limit ({output_mb} MB)",
    "submission": "the time limit for the submission ({submission_seconds:g} s)",
}


# an exception in a cell that says which limit was met
MET = {
    "memory": re.compile(r"\bMemoryError\b|can't allocate memory|bad_alloc|Cannot allocate memory"),
    "file": re.compile(r"\[Errno 27\]|File too large"),
    "processes": re.compile(r"\[Errno 11\]|can't start new thread"),
}


class KernelDied(Exception):
    """The kernel is gone. The message says why."""


class GuardedExecute(Execute):
    """Runs a notebook in the sandbox and decides what each test cell deserves.

    It leaves its findings in ``resources["grading"]``: ``detail`` (see ``outcomes.empty``) and
    ``scores``, a mark or None (to be marked by hand) for each graded cell.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.limits = Limits(parent=self)

    # --- one notebook ---

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        if not self.enabled:  # nbgrader autograde --no-execute
            return nb, resources
        if self.limits.isolation and (reason := why_not()):
            raise SandboxError(f"nothing was run: {reason}")
        NotebookClient.__init__(self, nb, None)
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        self.detail = outcomes.empty()
        self.detail["isolated"] = self.limits.isolation
        self.detail["notes"] = list(nb.metadata.pop("grading", {}).get("notes", []))
        self.scores: dict[str, float | None] = {}
        self.files = self._files(Path(resources["metadata"]["path"]))
        started = time.monotonic()
        self.deadline = started + self.limits.submission_seconds
        run_sync(self._run)()
        self.set_widgets_metadata()
        self.detail["seconds"] = time.monotonic() - started
        self.detail["state"] = outcomes.PARTIAL if self.detail["reasons"] else outcomes.GRADED
        self.resources["grading"] = {"detail": self.detail, "scores": self.scores}
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

    async def _run(self) -> None:
        self.output_left = 4 * self.limits.output_mb * MB  # of the notebook
        self.locked_names = {"np": "numpy", "torch": "torch"}
        self.declared: set[str] = set()
        for cell in self.nb.cells:
            if cell.cell_type == "code" and utils.is_locked(cell):
                self.locked_names |= cells.imports(cell.source)
                self.declared |= cells.binds(cell.source)
        restarts, stop, dead = self.limits.kernel_restarts, None, set()
        await self._start()
        try:
            for index, cell in enumerate(self.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    self._score(cell)
                    continue
                if stop is None and time.monotonic() > self.deadline:
                    stop = self._limit("submission")
                    self.detail["reasons"].append(
                        f"{stop} was reached before {_label(cell, index)}"
                    )
                if stop is not None:
                    self._fail(cell, "NotRun", f"not run: {stop}")
                    continue
                try:
                    await self._grade(cell, index)
                except KernelDied as error:
                    dead.add(index)
                    self._fail(cell, "KernelDied", str(error))
                    self.detail["reasons"].append(f"{_label(cell, index)}: {error}")
                    if restarts == 0:
                        stop = f"the kernel died {self.limits.kernel_restarts + 1} times"
                        self.detail["reasons"].append(f"the cells after it were not run: {stop}")
                    elif time.monotonic() < self.deadline:
                        restarts -= 1
                        stop = await self._recover(index, dead)
        finally:
            await self._stop()

    async def _recover(self, upto: int, dead: set[int]) -> str | None:
        """A fresh kernel, brought to where the dead one was; why that failed, or None."""
        await self._stop()
        await self._start()
        for index, cell in enumerate(self.nb.cells[:upto]):
            if cell.cell_type == "code" and cell.source.strip() and index not in dead:
                copy = NotebookNode(deepcopy(cell), outputs=[])
                try:
                    await self._remember(copy, await self._execute(copy, index))
                except KernelDied as error:
                    return f"the kernel died again while cells before it were repeated: {error}"
        return None

    # --- one cell ---

    async def _grade(self, cell: NotebookNode, index: int) -> None:
        """Run a cell; where it is a test, guard it and score it."""
        test = utils.is_grade(cell) and utils.is_locked(cell)
        label, suspicious, self.shown = _label(cell, index), [], []
        if test:
            suspicious = await self._before(cell, label)
        reply = await self._execute(cell, index)
        self.on_cell_executed(cell=cell, cell_index=index, execute_reply={"content": reply})
        self._name_limit(reply, label)
        if any(
            isinstance(p, dict) and p.get("source") == "ask_exit" for p in reply.get("payload", [])
        ):
            raise KernelDied("the cell told the kernel to quit")
        if test and _failed(cell, reply):
            found = await self._ask_guard({"op": "after", "names": [], **self._relies_on(cell)})
            self._tell(found, f"after {label}")
        elif test:
            suspicious += await self._after(cell, label, cells.defines(cell.source))
        else:
            await self._remember(cell, reply)
        self._score(cell, suspicious, reply)

    async def _remember(self, cell: NotebookNode, reply: dict) -> None:
        """From here on, what a cell of the assignment's own defines is put back before tests."""
        names = cells.defines(cell.source) if utils.is_locked(cell) else []
        if names and not _failed(cell, reply):
            await self._ask_guard({"op": "remember", "names": names})

    def _name_limit(self, reply: dict, label: str) -> None:
        """Say which limit an exception met, where it met one."""
        text = f"{reply.get('ename')}: {str(reply.get('evalue'))[:2000]}"
        for name, pattern in MET.items():
            if pattern.search(text):
                self.detail["reasons"].append(f"{label} met {self._limit(name)}")

    def _score(
        self, cell: NotebookNode, suspicious: list[str] = (), reply: dict | None = None
    ) -> None:
        if not utils.is_grade(cell):
            return
        name, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
        if utils.is_solution(cell) or cell.cell_type != "code":
            missing = cell.metadata.nbgrader.get("checksum") == cells.MISSING
            self.scores[name] = None if missing else utils.determine_grade(cell, self.log)[0]
            return
        mark, why = score_of(cell.source, self.shown, points, _failed(cell, reply))
        if suspicious:
            mark, why = 0.0, "; ".join(suspicious)
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
        self.shown = []
        self._score(cell)

    # --- the guard ---

    async def _before(self, cell: NotebookNode, label: str) -> list[str]:
        """Put back what the tests rely on; then a false assertion must fail."""
        found = await self._ask_guard({"op": "before", "names": [], **self._relies_on(cell)})
        self._tell(found, f"before {label}")
        return await self._canary(cells.head(cell.source), f"before {label}")

    def _tell(self, found: list[str], when: str) -> None:
        """Note as evidence what the guard has put back."""
        if found:
            self.detail["evidence"].append(f"{when}, put back: {_list(found)}")

    async def _after(self, cell: NotebookNode, label: str, names: list[str]) -> list[str]:
        """Whether the test itself was tampered with; from here on ``names`` are the test's."""
        content = {"op": "after", "names": names, **self._relies_on(cell)}
        found = await self._ask_guard(content)
        if cells.is_python(cell.source) and cells.shows_value(cell.source) and self.displayed == 0:
            found.append("how values are displayed")
        wrong = [f"changed while the test ran: {_list(found)}"] if found else []
        return wrong + await self._canary("", f"after {label}")

    def _relies_on(self, cell: NotebookNode) -> dict:
        used, own = (
            cells.uses(cell.source),
            cells.binds(cell.source) | set(cells.imports(cell.source)),
        )
        free = used - own
        return {
            "imports": {n: path for n, path in self.locked_names.items() if n in free},
            "builtins": sorted((free & BUILTINS) - self.declared - set(self.locked_names)),
            "defined": sorted(used),
        }

    async def _ask_guard(self, content: dict) -> list[str]:
        """What the kernel's own guard finds changed (nothing where there is no sandbox)."""
        self.displayed = None
        if not self.limits.isolation:
            return []
        channel = self.kc.control_channel
        message = self.kc.session.msg("guard_request", content)
        channel.send(message)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            self._check_alive()
            try:
                reply = await channel.get_msg(timeout=0.1)
            except Empty:
                continue
            except Exception:  # not a message of this session
                continue
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                self.displayed = reply["content"].get("displayed")
                return [str(name)[:200] for name in reply["content"].get("found", [])]
        return ["the kernel did not answer the question whether it was tampered with"]

    async def _canary(self, rest: str, when: str) -> list[str]:
        """Whether an assertion that is false fails; ``rest`` makes it look like the test."""
        left, right, word = random.randint(2, 9**9), random.randint(2, 9**9), secrets.token_hex(8)
        source = f"assert {left} == {right + 9**9}, {word!r}\n{rest}"
        false = NotebookNode(cell_type="code", source=source, outputs=[], metadata=NotebookNode())
        reply = await self._execute(false, -1, probe=True)
        if reply.get("status") == "error" and reply.get("evalue") == word:
            return []
        if reply.get("ename") == "CellTimeoutError":
            return []
        return [f"{when}, an assertion that is false did not fail"]

    # --- messages ---

    async def _start(self) -> None:
        """Start a kernel and wait until both its channels work."""
        if self.limits.isolation:
            pool.hidden = pool.hidden or must_stay_hidden(self.parent.parent.coursedir)
            files = {"limits": self.limits, "files": self.files}
            self.km = SandboxKernelManager(parent=self, **files)
        else:
            self.km = AsyncKernelManager(parent=self, kernel_name="python3")
        folder = self.resources["metadata"]["path"]
        await self.km.start_kernel(
            cwd=folder, extra_arguments=["--HistoryManager.hist_file=:memory:"]
        )
        self.provisioner = self.km.provisioner
        self.km.context.setsockopt(zmq.MAXMSGSIZE, 2 * self.limits.output_mb * MB + MB)
        self.km.context.setsockopt(zmq.RECONNECT_IVL, 5)  # ms, until the kernel listens
        self.kc = self.km.client(context=self.km.context)
        self.kc.allow_stdin = False
        self.kc.start_channels(hb=False)
        self.poller = zmq.asyncio.Poller()
        for channel in (self.kc.shell_channel, self.kc.iopub_channel):
            self.poller.register(channel.socket, zmq.POLLIN)
        until, heard, info = time.monotonic() + 60, False, None
        while not (heard and info):
            if time.monotonic() > until:
                raise SandboxError("a kernel did not start within 60 s")
            self.kc.kernel_info()
            try:
                received = await self._receive(0.5)
            except KernelDied as error:  # before any of the student's code: not the student's fault
                raise SandboxError(f"a kernel did not start: {error}; {self._log()}") from None
            for channel, message in received:
                if channel == "iopub":
                    heard = True
                elif message["header"]["msg_type"] == "kernel_info_reply":
                    info = message["content"]
        self.nb.metadata["language_info"] = info["language_info"]

    def _log(self) -> str:
        """The last line a kernel in the sandbox left."""
        log = pool.sandbox.scratch.home / "kernel.log" if pool.sandbox else None
        lines = log.read_text(errors="replace").splitlines() if log and log.is_file() else []
        return lines[-1] if lines else "it left no message"

    async def _stop(self) -> None:
        if self.km is None:
            return
        if self.kc is not None:
            self.kc.stop_channels()
        if self.km.has_kernel:
            await self.km.shutdown_kernel(now=True)
        ended = getattr(self.provisioner, "how_it_ended", None) or {}
        self.detail["cpu_seconds"] += ended.get("cpu") or 0.0
        self.detail["memory"] = max(self.detail["memory"], ended.get("memory") or 0)
        await ensure_async(self.km.cleanup_resources())
        self.km = self.kc = None

    async def _receive(self, seconds: float) -> list[tuple[str, dict]]:
        """Messages that have arrived, waiting for one; what cannot be read is dropped."""
        self._check_alive()
        found = []
        ready = dict(await self.poller.poll(int(seconds * 1000)))
        for name, channel in (("iopub", self.kc.iopub_channel), ("shell", self.kc.shell_channel)):
            if channel.socket in ready:
                try:
                    found.append((name, await channel.get_msg(timeout=0)))
                except Exception as error:
                    if not isinstance(error, Empty):
                        self.log.warning("a message could not be read: %s", type(error).__name__)
        return found

    def _check_alive(self) -> None:
        """Raises KernelDied."""
        if isinstance(self.km, SandboxKernelManager):
            box = self.provisioner.sandbox
            ended = box.poll() if box else self.provisioner.how_it_ended
            if ended is not None and ended["why"] == "sandbox":
                raise SandboxError("the sandbox itself was ended by something else")
            if ended is not None:
                self.detail["killed"] |= ended["why"] == "died" and ended["code"] == -signal.SIGKILL
                raise KernelDied(self._cause(ended))
        elif self.provisioner.process is None or self.provisioner.process.poll() is not None:
            raise KernelDied("the kernel died")

    def _cause(self, ended: dict) -> str:
        if ended["why"] in LIMIT_NAMES:
            return f"the kernel was killed: past {self._limit(ended['why'])}"
        code = ended["code"]
        if code is not None and code < 0:
            return f"the kernel died (signal {-code}, {signal.Signals(-code).name})"
        return f"the kernel ended by itself (exit status {code})"

    def _limit(self, name: str) -> str:
        return LIMIT_NAMES[name].format(**self.limits.trait_values())

    async def _execute(self, cell: NotebookNode, index: int, probe: bool = False) -> dict:
        """Run one cell's source, filling its outputs; the content of the kernel's reply.

        A probe leaves no outputs and counts neither as output nor as a numbered cell.
        Raises KernelDied, also after killing a kernel that cannot be interrupted.
        """
        started = time.monotonic()
        timeout = self._get_timeout(cell)
        end = min(self.deadline, started + timeout) if timeout else self.deadline
        seconds = end - started
        sent = self.kc.execute(cell.source, store_history=not probe, stop_on_error=False)
        self.clear_before_next_output = False
        self.cell_left = max(min(self.output_left, self.limits.output_mb * MB), LEAST_OUTPUT)
        cell.outputs, cell.metadata["execution"] = [], {}
        reply, idle, error = None, False, None
        give_up = quiet = None
        try:
            while reply is None or not idle:
                now = time.monotonic()
                if give_up is None and now > end:
                    error = {"status": "error", **self.error_on_timeout}
                    error["traceback"] = [f"CellTimeoutError: no result after {seconds:.0f} s"]
                    give_up = await self._interrupt()
                if give_up is not None and now > give_up:
                    flood = error["ename"] == "OutputLimitExceeded"
                    when = f"past {self._limit('output')}" if flood else f"after {seconds:.0f} s"
                    raise await self._kill(f"it did not stop when interrupted {when}")
                if reply is not None and now > (quiet := quiet or now + DEAF_SECONDS):
                    limit = self._limit("output")
                    raise await self._kill(f"nothing it shows arrives (a message past {limit}?)")
                for channel, message in await self._receive(0.1):
                    if message["parent_header"].get("msg_id") != sent:
                        continue
                    if channel == "shell":
                        reply = message["content"]
                    elif message["msg_type"] == "status":
                        idle = message["content"].get("execution_state") == "idle"
                    elif not probe and error is None:
                        if not self._take(message, cell, index):
                            limit = self._limit("output")
                            error = _error("OutputLimitExceeded", f"more than {limit}")
                            give_up = await self._interrupt()
        finally:
            if not probe:
                self.detail["cell_seconds"] += time.monotonic() - started
        if error and not probe and error["ename"] == "OutputLimitExceeded":
            self.detail["reasons"].append(f"{_label(cell, index)}: {error['evalue']}")
        elif error and not probe:
            self.detail["reasons"].append(f"{_label(cell, index)}: no result after {seconds:.0f} s")
        return error or reply

    def _take(self, message: dict, cell: NotebookNode, index: int) -> bool:
        """Record one output message; False when there has been too much output."""
        size = _size(message["content"])
        self.output_left, self.cell_left = self.output_left - size, self.cell_left - size
        if self.cell_left < 0:
            return False
        if message["msg_type"] == "execute_result":  # kept apart: outputs can be cleared
            self.shown.append(message["content"].get("data", {}).get("text/plain"))
        try:
            self.process_message(message, cell, index)
        except Exception as error:  # a message that no kernel sends
            self.detail["evidence"].append(
                f"{_label(cell, index)}: an output that could not be read ({type(error).__name__})"
            )
        return True

    async def _interrupt(self) -> float:
        await self.km.interrupt_kernel()
        return time.monotonic() + GRACE_SECONDS

    async def _kill(self, why: str) -> KernelDied:
        await self.km.shutdown_kernel(now=True)
        return KernelDied(f"the kernel was killed: {why}")


def _error(name: str, why: str) -> dict:
    return {"status": "error", "ename": name, "evalue": why, "traceback": [f"{name}: {why}"]}


def _failed(cell: NotebookNode, reply: dict | None) -> bool:
    """Whether the cell raised, by the kernel's reply or by its outputs."""
    replied = reply is not None and reply.get("status") != "ok"
    return replied or any(output.output_type == "error" for output in cell.get("outputs", []))


def _label(cell: NotebookNode, index: int) -> str:
    name = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id")
    return f"cell {name!r}" if name else f"cell {index + 1}"


def _list(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _size(content) -> int:
    """Characters in a message's content."""
    if isinstance(content, dict):
        return sum(len(str(key)) + _size(value) for key, value in content.items())
    if isinstance(content, list):
        return sum(_size(value) for value in content)
    return len(content) if isinstance(content, str) else 8
