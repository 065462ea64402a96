"""Workers on other machines: Dask hands them submissions, and hands on those of a lost worker.

A Dask worker holds what a worker of this machine holds, a sandbox with a warm process, in a process
of its own: none that a submission ends is Dask's. Marks are written by the driver, as ever.
"""

import asyncio
import contextlib
import hashlib
import importlib.metadata
import io
import os
import platform
import subprocess
import sys
import tarfile
import threading
import time
from asyncio import CancelledError
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from secrets import token_hex

from distributed import Client, Security, WorkerPlugin, get_worker, wait
from distributed.comm import connect

from .course import CourseError
from .limits import Limits
from .scratch import SandboxError, SetupError, folder_of_our_own, remove
from .submission import digest
from .worker import Job, Plan, Result
from .workers import Failed, Workers

CONNECT_SECONDS = 20
LOST_SECONDS = 600  # how long a run waits where no worker is left
USER_IDS = 700  # workers of one machine take one of so many user ids: see ``bubble.user``


def version() -> str:
    """What must be the same everywhere: this package, what tests use, and what marks depend on."""
    root, texts = Path(__file__).parent.parent, hashlib.sha256()
    for part in ("grading", "checks", "helpers"):
        for path in sorted((root / part).rglob("*.py")):
            texts.update(path.read_bytes())
    known = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("nbgrader", "torch")
    )
    return f"grading {texts.hexdigest()[:8]}, {known}, Python {platform.python_version()}"


def pack(folder: Path, but: set[str] = frozenset()) -> bytes:
    """All below a folder; links stay links, the folder itself too: what they lead to is not sent.

    ``but``: of these folders in it, notebooks alone. Raises OSError.
    """

    def wanted(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        left_out = entry.isfile() and entry.name.split("/")[0] in but
        return None if left_out and not entry.name.endswith(".ipynb") else entry

    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as file:
        for path in [folder] if folder.is_symlink() else sorted(folder.iterdir()):
            file.add(path, path.name, filter=wanted)
    return packed.getvalue()


def unpack(packed: bytes, folder: Path, links: bool = False) -> None:
    """Files and folders, where they belong; ``links``: also what else a student handed in."""
    trust = {"filter": "fully_trusted"} if hasattr(tarfile, "data_filter") else {}  # before 3.11.4
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as file:
        for entry in file:
            inside = not entry.name.startswith("/") and ".." not in entry.name.split("/")
            other = links and (entry.issym() or entry.isfifo())
            if inside and (entry.isfile() or entry.isdir() or other):
                file.extract(entry, folder, **trust)


class _Program(subprocess.Popen):
    """A program with what ``Workers`` asks of a process."""

    def join(self, timeout: float | None = None) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(timeout)

    @property
    def exitcode(self) -> int | None:
        return self.returncode


class _Programs(Workers):
    """Workers that are no forks: a Dask worker has threads, and may not have children."""

    def _process(self, ours: Connection, theirs: Connection, folder: Path, number: int):
        serve = f"from grading import workers; workers.serve({theirs.fileno()})"
        command, fds = [sys.executable, "-c", serve], [theirs.fileno()]
        started = _Program(command, pass_fds=fds, stdin=subprocess.DEVNULL)
        ours.send((folder, number, self.plan))
        return started


@dataclass
class Station(WorkerPlugin):
    """What one assignment needs in a Dask worker; one of the same name takes its place."""

    called: str
    version: str
    plan: Plan
    definition: bytes
    source: bytes

    def setup(self, worker) -> None:
        self.folder, self.lock = folder_of_our_own()
        source = self.folder / "source"
        unpack(self.source, source, links=True)
        plan = replace(self.plan, source=source, hidden=[source])
        self.address, self.workers, self.alone = worker.address, None, threading.Lock()
        if version() == self.version:
            number = os.getpid() % USER_IDS
            self.workers = _Programs(plan, self.definition, range(number, number + 1))

    def teardown(self, worker) -> None:
        if self.workers:
            self.workers.close()  # a submission that is being graded is given up
        self.lock.close()
        remove(self.folder)

    def grade(self, job: Job, files: bytes | None) -> tuple[Result | Failed, bytes | None]:
        """Grade one submission; its files and the autograded ones travel unless both see them."""
        if not self.workers:
            raise SetupError(
                f"the worker {self.address} is of another version: it has {version()}; "
                f"here is {self.version}. Install the same on both"
            )
        with self.alone:
            if files is None:
                return self._grade(job), None
            here = replace(
                job, folder=self.folder / "work" / "in", staging=self.folder / "work/out"
            )
            try:
                unpack(files, here.folder, links=True)
                answer = self._grade(here)
                return answer, pack(here.staging) if isinstance(answer, Result) else None
            finally:
                remove(self.folder / "work")

    def _grade(self, job: Job) -> Result | Failed:
        waiting, found = [job], []
        while not found:
            self.workers.hand_out(waiting)
            found = self.workers.answers()
        return found[0][1]


def at_station(called: str, job: Job, files: bytes | None):
    """What a Dask worker runs."""
    return get_worker().plugins[called].grade(job, files)


async def _reach(address: str) -> None:
    """Raise where nobody answers, before there is a client: one half made ends when memory is
    collected, in whatever thread, and may then wait for itself."""
    safe = Security().get_connection_args("client")
    await (await connect(address, timeout=CONNECT_SECONDS, **safe)).close()


class Cluster:
    """The workers of a Dask scheduler, as ``driver.grade`` uses them."""

    task = staticmethod(at_station)

    def __init__(self, address: str, shared: bool, plan: Plan, definition: bytes, most: int):
        """Raises CourseError."""
        try:
            asyncio.run(_reach(address))
            self.client = Client(address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError, TypeError, AssertionError) as error:  # also what is no address
            why = str(error) or "that is no address"
            raise CourseError(f"no Dask scheduler answers at {address} ({why})") from None
        self.plan, self.shared, self.limits = plan, shared, Limits(config=plan.config)
        self.tasks, self.unsent, self.seen = {}, [], time.monotonic()
        try:
            self._look_at_workers(address)
        except CourseError:
            self.client.close()
            raise
        others = {path.name for path in plan.source.iterdir()} - {plan.assignment}
        course = f"{platform.node()}:{plan.source}"  # in which no second driver is at work
        self.called = f"grading-{hashlib.sha256(course.encode()).hexdigest()[:8]}"
        self._prepare(Station(self.called, version(), plan, definition, pack(plan.source, others)))

    def _prepare(self, station: Station) -> None:
        try:
            self.client.register_plugin(station, name=self.called)
        except SandboxError:
            self.close()
            raise
        except Exception as error:  # whatever another version makes of it
            self.close()
            raise CourseError(
                f"a worker cannot take the assignment ({type(error).__name__}: {error}); "
                f"install the same on both, here is {station.version}"
            ) from None

    def _look_at_workers(self, address: str) -> None:
        start = f"start some: `dask worker {address} --nthreads 1`, one for each core"
        threads = self.client.nthreads()
        if not threads:
            raise CourseError(f"the scheduler at {address} has no workers; {start}")
        if wide := [worker for worker, count in threads.items() if count > 1]:
            raise CourseError(
                f"a worker grades one submission at a time: {wide[0]} has threads; {start}"
            )

    def close(self) -> None:
        self.client.cancel(list(self.tasks), force=True)
        # a worker that has stopped does not answer
        with contextlib.suppress(OSError, TimeoutError):
            leave = self.client.scheduler.unregister_worker_plugin
            self.client.sync(leave, name=self.called, callback_timeout=CONNECT_SECONDS)
        self.client.close()

    @property
    def busy(self) -> bool:
        return bool(self.tasks or self.unsent)

    def hand_out(self, waiting: list[Job]) -> None:
        """Two submissions for each worker, so that none waits for its next one."""
        room = 2 * self._count() - len(self.tasks)
        for _ in range(min(room, len(waiting))):
            job = waiting.pop()
            try:
                files = None if self.shared else pack(job.folder)
            except OSError as error:  # this submission's own: the others go on
                self.unsent.append((job, Failed(f"its files cannot be sent: {error}")))
                continue
            key = f"{self.called}-{token_hex(8)}"
            self.tasks[self.client.submit(self.task, self.called, job, files, key=key)] = job

    def _count(self) -> int:
        """How many workers there are. Raises SandboxError where there have been none for long."""
        try:
            count = len(self.client.nthreads())
        except (OSError, TimeoutError, RuntimeError) as error:
            raise SandboxError(f"the scheduler was lost ({error})") from None
        now = time.monotonic()
        self.seen = now if count else self.seen
        if now - self.seen > LOST_SECONDS:
            raise SandboxError(f"the scheduler has had no workers for {LOST_SECONDS // 60} minutes")
        return count

    def answers(self) -> list[tuple[Job, Result | Failed]]:
        """Wait for workers; what became of their submissions. Raises SandboxError."""
        unsent, self.unsent = self.unsent, []
        if unsent:
            return unsent
        try:
            done = wait(list(self.tasks), timeout=5, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            done = []
            self._count()
        return [(job := self.tasks.pop(future), self._answer(job, future)) for future in done]

    def _answer(self, job: Job, future) -> Result | Failed:
        try:
            answer, files = future.result()
        except SandboxError:
            raise
        except (Exception, CancelledError) as error:  # workers lost again and again, or all of them
            return Failed(f"{type(error).__name__}: {error}"[:500])
        if isinstance(answer, Result):
            answer.digest = digest(job.folder, self.limits) or answer.digest
            if files is not None:
                if job.staging.exists():
                    remove(job.staging)
                unpack(files, job.staging)
        return answer
