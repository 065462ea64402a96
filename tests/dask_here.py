"""Dask's scheduler and workers as processes of this machine, for tests and benchmarks."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from distributed import Client

LOCAL = "127.0.0.1"


def until(true, process: subprocess.Popen | None = None) -> None:
    """Wait; the limit is for a machine that hangs."""
    last = time.monotonic() + 500
    while not true():
        assert time.monotonic() < last and (process is None or process.poll() is None)
        time.sleep(0.1)


@contextlib.contextmanager
def started(*command: str, host: str = LOCAL, inside: tuple = ()) -> Iterator[subprocess.Popen]:
    dask = str(Path(sys.executable).with_name("dask"))
    words = [*inside, dask, *command, "--no-dashboard", "--host", host]
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def scheduler(folder: Path, host: str = LOCAL) -> Iterator[str]:
    """Its address; `folder` is for its own file."""
    file = folder / "scheduler.json"
    words = ("scheduler", "--port", "0", "--scheduler-file", str(file))
    with started(*words, host=host) as process:
        until(file.exists, process)
        yield json.loads(file.read_text())["address"]


@contextlib.contextmanager
def workers(address: str, *where: dict) -> Iterator[list[subprocess.Popen]]:
    """One for each of `where`, which says what `started` is to know."""
    words = ("worker", address, "--nthreads", "1", "--no-nanny")
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(started(*words, **one)) for one in where]
        with Client(address) as client:
            client.wait_for_workers(len(processes), timeout=500)
        yield processes
