"""The worker processes of one run: started, given submissions, and replaced when they fail."""

import ctypes
import gc
import multiprocessing
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

from .limits import Limits
from .provisioner import pool
from .sandbox import Sandbox
from .scratch import SandboxError, SetupError, folder_of_our_own, remove
from .worker import Job, Plan, Result, Worker

CLOSE_SECONDS = 30  # what an idle one may take to clear up, on a busy machine
OWN_SECONDS = 300  # what a worker may take for a notebook besides running it


class Failed(Exception):
    """Why a submission has no outcome yet."""


@dataclass
class _Slot:
    number: int
    process: multiprocessing.Process
    job: Job | None = None
    until: float = 0.0
    ready: bool = False


class Workers:
    """Worker processes, each with a private course in one temporary folder."""

    def __init__(self, plan: Plan, definition: bytes, numbers: range, warm: Sandbox | None = None):
        """``definition``: see ``worker.definition``; ``numbers``: one for each worker, its own on
        this machine; ``warm``: a sandbox for number 0, started before.
        """
        self.plan, self.definition, self.warm = plan, definition, warm
        limits = Limits(config=plan.config)
        self.seconds = len(plan.notebooks) * (limits.submission_seconds + OWN_SECONDS)
        self.folder, self.lock = folder_of_our_own()
        self.slots: dict[Connection, _Slot] = {}
        for number in numbers:
            self._start(number)
        if warm:
            warm.forget()
            self.warm = None

    def close(self) -> None:
        for connection, slot in self.slots.items():
            connection.close()
            slot.process.join(5 if slot.job else CLOSE_SECONDS)
            slot.process.kill()
        self.lock.close()
        remove(self.folder)

    def _start(self, number: int) -> None:
        folder = self.folder / str(number)
        if folder.exists():
            remove(folder)
        folder.mkdir()
        (folder / "gradebook.db").write_bytes(self.definition)
        ours, theirs = multiprocessing.Pipe()
        self.slots[ours] = _Slot(number, self._process(ours, theirs, folder, number))
        theirs.close()

    def _process(self, ours: Connection, theirs: Connection, folder: Path, number: int):
        arguments = (theirs, [ours, *self.slots], folder, number, self.plan, self.warm)
        context = multiprocessing.get_context("fork")
        process = context.Process(target=work, args=arguments, daemon=True)
        process.start()
        return process

    @property
    def busy(self) -> bool:
        return any(slot.job for slot in self.slots.values())

    def hand_out(self, waiting: list[Job]) -> None:
        """Give each idle worker a submission, from the end of the list."""
        for connection, slot in self.slots.items():
            if slot.ready and slot.job is None and waiting:
                slot.job, slot.until = waiting.pop(), time.monotonic() + self.seconds
                with suppress(OSError):  # it has just died: to be seen below
                    connection.send(slot.job)

    def answers(self) -> list[tuple[Job, Result | Failed]]:
        """Wait for workers; what became of their submissions. Raises SandboxError."""
        found = []
        for slot in self.slots.values():
            if slot.job and time.monotonic() > slot.until:
                slot.process.kill()
        for connection in wait(list(self.slots), timeout=5):
            slot = self.slots[connection]
            try:
                answer = connection.recv()
            except (EOFError, OSError):
                answer = self._replace(connection)
            if isinstance(answer, SandboxError):
                raise answer
            if answer == "ready":
                slot.ready = True
            else:
                found.append((slot.job, answer))
                slot.job = None
        return found

    def _replace(self, connection: Connection) -> Failed:
        slot = self.slots.pop(connection)
        slot.process.join()
        self._start(slot.number)
        if slot.job is None:
            raise SandboxError("a worker died while starting")
        if time.monotonic() > slot.until:
            return Failed(f"the process that graded it took more than {self.seconds:.0f} s")
        return Failed(f"the process that graded it died (exit status {slot.process.exitcode})")


def work(
    connection, others: list[Connection], folder: Path, number: int, plan: Plan, warm=None
) -> None:
    """A worker process: grade what comes until the driver is gone."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # die with the driver
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:
        other.close()
    try:
        try:
            if warm and number:
                warm.forget()
            elif warm:
                pool.sandbox = warm
            worker = Worker(folder, number, plan)
        except SandboxError as error:
            connection.send(error)
            os._exit(1)
        gc.freeze()
        connection.send("ready")
        while True:
            job = connection.recv()
            try:
                answer = worker.grade(job)
            except SetupError as error:
                answer = error
            except SandboxError as error:
                answer = Failed(f"the sandbox failed: {error}")
            except Exception as error:
                answer = Failed(f"{type(error).__name__}: {error}"[:500])
            if isinstance(answer, Failed):
                pool.close()  # whoever is to blame, what comes next gets a fresh sandbox
            connection.send(answer)
    except (EOFError, BrokenPipeError):
        pass
    finally:
        pool.close()
        os._exit(0)


def serve(descriptor: int) -> None:
    """Be a worker in a new program, at the other end of a connection."""
    connection = Connection(descriptor)
    with suppress(EOFError):  # whoever started it is gone already
        work(connection, [], *connection.recv())
