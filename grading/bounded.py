"""Runs what reads or renders a submission in a child of this process, under limits.

Nobody foresees every input that is slow, deep or large: what meets a limit here costs one
submission, with a reason, and neither the grader nor the submissions after it.
"""

import ctypes
import gc
import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

MB = 1 << 20
MOST_REPLY = 512 * MB


class Overrun(Exception):
    """What was run did not come to an end. The message says which limit it met; of: which file."""

    of: object = None


def call(function: Callable, *arguments, seconds: int = 20, memory_mb: int = 2048):
    """``function(*arguments)``, as JSON carries it, computed in a forked child.

    The child gets ``seconds`` of CPU time and ``memory_mb`` beyond what is mapped now. Raises
    Overrun where that is not enough, or where the function raises anything.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _child(write, function, arguments, seconds, memory_mb)
    os.close(write)
    try:
        reply = _receive(read, time.monotonic() + 60 + 30 * seconds)
    finally:
        os.close(read)
        with_status = _reap(child)
    failed = reply is None or with_status
    found = {"error": _why(with_status, seconds)} if failed else json.loads(reply)
    if "error" in found:
        overrun = Overrun(found["error"])
        overrun.of = next(iter(arguments), None)
        raise overrun
    return found["result"]


def _receive(pipe: int, until: float) -> bytes | None:
    """All that comes before the other end is closed; None where it is too much or too late."""
    parts, size = [], 0
    while (left := until - time.monotonic()) > 0 and size < MOST_REPLY:
        if select.select([pipe], [], [], left)[0]:
            part = os.read(pipe, MB)
            if not part:
                return b"".join(parts)
            parts.append(part)
            size += len(part)
    return None


def _reap(child: int) -> int:
    """End the child, if it is still there; its exit status, negative for a signal."""
    done, status = os.waitpid(child, os.WNOHANG)
    for _ in range(100):  # it has closed its pipe and is about to end
        if done:
            break
        time.sleep(0.01)
        done, status = os.waitpid(child, os.WNOHANG)
    if not done:
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status)


def _why(status: int, seconds: int) -> str:
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"it takes more than {seconds} s of computing time"
    return f"the process that did it ended with status {status}"


def _child(pipe: int, function: Callable, arguments: tuple, seconds: int, memory_mb: int):
    """The child's whole life."""
    status = 1
    try:
        gc.freeze()  # a collection that visits the parent's objects would copy them all
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # die with the parent
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _lower(resource.RLIMIT_CPU, seconds)
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _lower(resource.RLIMIT_AS, mapped + memory_mb * MB)
        try:
            text = json.dumps({"result": function(*arguments)})
        except MemoryError:
            text = json.dumps({"error": f"it takes more than {memory_mb} MB of memory"})
        except RecursionError:
            text = json.dumps({"error": "it is nested too deeply"})
        except Exception as error:
            text = json.dumps({"error": f"{type(error).__name__}: {error}"[:500]})
        with os.fdopen(pipe, "w", encoding="ascii") as file:
            file.write(text)
        status = 0
    finally:
        os._exit(status)


def _lower(limit: int, value: int) -> None:
    """Set a soft limit, where a lower one is not set already."""
    soft, hard = resource.getrlimit(limit)
    known = [bound for bound in (soft, hard, value) if bound != resource.RLIM_INFINITY]
    resource.setrlimit(limit, (min(known), hard))
