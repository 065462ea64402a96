"""Runs one cell of a notebook in a kernel, within the limits of time and output."""

import time
from dataclasses import dataclass

from nbclient import NotebookClient
from nbformat.notebooknode import NotebookNode
from nbgrader import utils

from . import cells, outputs
from .kernel import LAST_LOOKS, Kernel, limit
from .limits import MB, Limits
from .patience import Patience

LEAST_OUTPUT = 1 << 16  # what a cell may write though the notebook has written too much
DEAF_SECONDS = 5.0  # between a kernel's answer and its word that it is idle, which follows at once
GRACE_SECONDS = 3.0  # between an interrupt and a kill
MOST_NESTED = 60  # levels of lists and dictionaries in an output


@dataclass
class Turn:
    """One cell's run."""

    kernel: Kernel
    cell: NotebookNode
    index: int
    seconds: float
    patience: Patience
    sent: str  # the request's id
    reply: dict | None = None
    idle: bool = False
    error: dict | None = None  # why it was interrupted
    looks: int = LAST_LOOKS  # at messages, when patience is at its end


class CellRunner:
    """Runs cells; what is worth telling goes into ``detail`` (see ``outcomes.empty``)."""

    def __init__(self, client: NotebookClient, limits: Limits, detail: dict):
        self.client, self.limits, self.detail = client, limits, detail
        self.spent = 0.0  # seconds, by cells of the notebook
        self.output_left = 4 * limits.output_mb * MB  # of the notebook
        self.shown: list[object] = []  # the values that cells displayed
        self.odd: list[str] = []  # lines for which a test refuses work by hand
        self.calmed: dict[int, str] = {}  # what is run of a cell instead, by its place
        self.given: list[str] = []  # files that the assignment brings along

    async def run(self, kernel: Kernel, cell: NotebookNode, index: int) -> dict:
        """Run one cell's source, filling its outputs; the content of the kernel's reply.

        Raises KernelDied, also after killing a kernel that cannot be interrupted.
        """
        started, timeout = time.monotonic(), self.client._get_timeout(cell)
        left = max(self.limits.submission_seconds - self.spent, 1.0)
        seconds = min(left, timeout) if timeout else left
        where = place(cell)
        source = self.calmed.get(index, cell.source)
        names = cells.free(source) if where == "tests" else []
        more = {"names": names, "odd": self.odd[:1], "given": self.given}
        sent = kernel.execute(source, where=where, **more)
        patience = Patience(seconds, kernel.box)
        turn = Turn(kernel, cell, index, seconds, patience, sent)
        self.client.clear_before_next_output = False
        self.cell_left = max(min(self.output_left, self.limits.output_mb * MB), LEAST_OUTPUT)
        cell.outputs, cell.metadata["execution"] = [], {}
        try:
            while turn.reply is None or not turn.idle:
                received = await kernel.receive(0.1)
                for channel, message in received:
                    if message["parent_header"].get("msg_id") == sent:
                        await self._hear(turn, channel, message)
                # who was late may be we ourselves: what has arrived is looked at first
                if (turn.reply is None or not turn.idle) and turn.patience.over():
                    turn.looks -= 1
                    if not received or not turn.looks:
                        await self._give_up(turn)
            kernel.look()
        finally:
            gone = time.monotonic() - started
            self.detail["cell_seconds"] += gone
            self.spent += min(gone, max(gone - patience.more, seconds))
        if turn.error:
            self.detail["reasons"].append(f"{label(cell, index)}: {turn.error['evalue']}")
        return turn.error or turn.reply

    @property
    def over(self) -> bool:
        """Whether the notebook's time is up."""
        return self.spent >= self.limits.submission_seconds

    async def _hear(self, turn: Turn, channel: str, message: dict) -> None:
        if channel == "shell":
            turn.reply = message["content"]
            if turn.error is None:
                turn.patience, turn.looks = Patience(DEAF_SECONDS, turn.kernel.box), LAST_LOOKS
        elif message["msg_type"] == "status":
            turn.idle = message["content"].get("execution_state") == "idle"
        elif turn.error is None and not self._take(message, turn):
            why = f"more than {limit(self.limits, 'output')}"
            await self._interrupt(turn, "OutputLimitExceeded", why)

    async def _interrupt(self, turn: Turn, name: str, why: str) -> None:
        turn.error = {"status": "error", "ename": name, "evalue": why}
        turn.error["traceback"] = [f"{name}: {why}"]
        await turn.kernel.interrupt()
        turn.patience, turn.looks = Patience(GRACE_SECONDS, turn.kernel.box), LAST_LOOKS

    async def _give_up(self, turn: Turn) -> None:
        """The present wait is over: interrupt the cell, or else raise KernelDied."""
        output = limit(self.limits, "output")
        if turn.error is not None:
            flood = turn.error["ename"] == "OutputLimitExceeded"
            when = f"past {output}" if flood else f"after {turn.seconds:.0f} s"
            raise await turn.kernel.kill(f"it did not stop when interrupted {when}")
        if turn.reply is not None:
            why = f"nothing it shows arrives (a message past {output}?)"
            raise await turn.kernel.kill(why)
        await self._interrupt(turn, "CellTimeoutError", f"no result after {turn.seconds:.0f} s")

    def _take(self, message: dict, turn: Turn) -> bool:
        """Record one output message; False when there has been too much output."""
        content, result = message["content"], message["msg_type"] == "execute_result"
        size, depth = extent(content)
        self.output_left, self.cell_left = self.output_left - size, self.cell_left - size
        if self.cell_left < 0:
            return False
        for lost in outputs.tidy(message) if depth <= MOST_NESTED else ():
            turn.cell.outputs.append(outputs.note(f"not shown: {lost}"))
        content = message["content"]
        if result:  # kept apart: outputs can be cleared
            data = content.get("data")
            self.shown.append(data.get("text/plain") if isinstance(data, dict) else None)
        why = f"nested more than {MOST_NESTED} deep" if depth > MOST_NESTED else ""
        try:
            if not why:
                self.client.process_message(message, turn.cell, turn.index)
        except Exception as error:  # a message that no kernel sends
            why = type(error).__name__
        if why:
            where = label(turn.cell, turn.index)
            self.detail["evidence"].append(f"{where}: an output that could not be read ({why})")
        return True


def place(cell: NotebookNode) -> str:
    """Where a cell runs: see ``inside/kernel.py``."""
    if not utils.is_locked(cell):
        return "answers"
    return "tests" if utils.is_grade(cell) else "both"


def label(cell: NotebookNode, index: int) -> str:
    name = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id")
    return f"cell {name!r}" if name else f"cell {index + 1}"


def extent(content: object) -> tuple[int, int]:
    """Characters in a message's content, and how deeply it is nested. Without recursion."""
    size, deepest, stack = 0, 0, [(content, 0)]
    while stack:
        value, depth = stack.pop()
        deepest = max(deepest, depth)
        if isinstance(value, dict):
            size += sum(len(str(key)) for key in value)
            stack += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            stack += [(inner, depth + 1) for inner in value]
        else:
            size += len(value) if isinstance(value, str) else 8
    return size, deepest
