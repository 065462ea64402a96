"""Tries, on this machine, everything that the sandbox must prevent, and prints what happened."""

import json
import os
import queue
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client import BlockingKernelClient
from traitlets.config import ConfigFileNotFound, PyFileConfigLoader

from . import cgroup, seccomp, settings
from .attempts import AFTER, ATTEMPTS, DAEMON, FORKS, HOLD, HOLDERS, PRELUDE
from .bubble import why_not
from .inside.watch import RESERVED_MB
from .limits import Limits
from .sandbox import Sandbox
from .scratch import SandboxError

WEAKER = ("memory of ten processes", "buffers of sockets")  # without a control group
BURSTS = ("memory of one process", "shared memory without a file")  # there bounded by addresses
SLACK_MB = 96  # a kernel's own


def run(box: Sandbox, code: str, seconds: float = 60) -> tuple[str, dict]:
    """Run code in a fresh kernel; what it printed, and how the kernel ended."""
    box.scratch.put({})
    info = {"transport": "ipc", "key": secrets.token_hex(16), "signature_scheme": "hmac-sha256"}
    for number, name in enumerate(("shell", "iopub", "stdin", "control", "hb"), 1):
        info[f"{name}_port"] = number
    box.launch(info, {})
    client = BlockingKernelClient()
    client.load_connection_info(info | {"ip": box.scratch.address})
    client.start_channels(hb=False)
    printed, started = [], time.monotonic()

    def hear() -> None:
        try:
            message = client.get_iopub_msg(timeout=0.2)
        except queue.Empty:
            return
        content = message["content"]
        printed.append(content.get("text", "") + "\n".join(content.get("traceback", [])))
        mine = message["parent_header"].get("msg_id") == sent
        if mine and content.get("execution_state") == "idle":
            printed.append(None)

    try:
        client.wait_for_ready(timeout=600)
        asked = {"code": code, "silent": False, "where": "answers"}
        message = client.session.msg("execute_request", asked)
        client.shell_channel.send(message)
        sent = message["header"]["msg_id"]
        while None not in printed[-1:] and time.monotonic() - started < seconds:
            over = box.poll() is not None
            hear()
            if over:
                break
    except (RuntimeError, TimeoutError):
        pass
    finally:
        client.stop_channels()
        ended = box.end()
    return "".join(filter(None, printed)), ended


def kernel(box: Sandbox, code: str) -> object:
    """What code in a fresh kernel printed as RESULT, or how the kernel was ended."""
    text, ended = run(box, code)
    if "RESULT" in text:
        return json.loads(text.partition("RESULT")[2].splitlines()[0])
    return {"ended": ended["why"], "said": text[-500:]}


def held(box: Sandbox, body: str) -> tuple[int, str]:
    """How many MB one of ``HOLDERS`` said it held at most, and what ended it."""
    text, ended = run(box, HOLD.format(body=body))
    found = [int(line.split()[1]) for line in text.splitlines() if line.startswith("HELD ")]
    return max(found, default=0), ended["why"]


def allowed(box: Sandbox, limits: Limits, what: str) -> int | None:
    """How many MB one of ``HOLDERS`` can hold at most; None: nothing but a look bounds it here."""
    if box.group is None and what in WEAKER:
        return None
    burst = RESERVED_MB if box.group is None and what in BURSTS else 0
    return max(limits.memory_mb, 3 * limits.disk_mb) + SLACK_MB + burst


def weaker() -> list[str]:
    """What holds elsewhere by the system itself, and here only by being looked at."""
    found = []
    if group := cgroup.make(1 << 30, 100):
        group.close()
    else:
        found.append(
            "no control group can be made: memory is looked at four times a second, so that a "
            "burst can pass its limit, and what buffers of sockets hold is not counted; run as "
            "root, or in a session that systemd delegates (systemd-run --user --scope)"
        )
    if seccomp.program() is None:
        found.append("no system call filter for this processor: files in memory are not counted")
    return found


def _given(hidden: list[Path], outside: Path, variable: str, secret: str, limits: Limits) -> dict:
    home, kept = Path.home(), [sys.prefix, sys.base_prefix, *sys.path]
    return {
        "hidden": [str(path) for path in hidden if path.exists()],
        "home": [
            str(path)
            for path in home.iterdir()
            if not any(Path(name).is_relative_to(path) for name in kept if name)
        ],
        "outside": str(outside),
        "variable": variable,
        "secret": secret,
        "pid": os.getpid(),
        "parents": sorted({str(path.parent) for path in hidden}),
        "memory": (limits.memory_mb + 1280) << 20,
        "file": (limits.file_mb + 1) << 20,
    }


def arrangement(course: Path) -> str:
    """Where the tests of a course run."""
    try:
        loader = PyFileConfigLoader("nbgrader_config.py", path=str(course))
        config = loader.load_config()
        if why := settings.wrong(config):
            raise ValueError(why)
        limits = Limits(config=config)
    except ConfigFileNotFound:
        limits = Limits()
    if limits.together:
        return "tests of this course run TOGETHER with the answers, which can reach them"
    return "tests of this course run apart from the answers"


def doctor(course: Path) -> int:
    """``python -m grading doctor``: 0 where everything was prevented, 1 where not, 2: not tried."""
    if reason := why_not():
        print(f"no isolation on this machine: {reason}")
        return 2
    try:
        where = arrangement(course)
    except (Exception, SystemExit) as error:  # whatever the file does
        print(f"the settings (nbgrader_config.py) cannot be used: {type(error).__name__}: {error}")
        return 2
    names = ("gradebook.db", "source", "submitted", "autograded", "feedback")
    hidden = [course.resolve() / name for name in names]
    limits = Limits(memory_mb=512, processes=24, file_mb=8, disk_mb=64, preload=[])
    try:
        failed = _try_all(hidden, limits)
    except SandboxError as error:
        print(f"no isolation on this machine: {error}")
        return 2
    for line in weaker():
        print(f"weaker here: {line}")
    print(where)
    print("everything was prevented" if not failed else f"NOT PREVENTED: {', '.join(failed)}")
    return 1 if failed else 0


def _try_all(hidden: list[Path], limits: Limits) -> list[str]:
    variable, secret = "GRADING_DOCTOR_SECRET", secrets.token_hex(16)
    os.environ[variable] = secret
    failed = []

    def say(what: str, got: object) -> None:
        print(f"{what:54} {'prevented' if got is None else f'NOT PREVENTED: {got}'}", flush=True)
        if got is not None:
            failed.append(what)

    with tempfile.NamedTemporaryFile("w", prefix="doctor-") as outside, _listeners() as where:
        outside.write(secret)
        outside.flush()
        given = _given(hidden, Path(outside.name), variable, secret, limits) | where
        box = Sandbox(limits, hidden)
        try:
            for what, code in ATTEMPTS.items():
                body = "\n".join("    " + line for line in code.strip().splitlines())
                say(what, kernel(box, PRELUDE.format(given=json.dumps(given), body=body)))
            for what, code in HOLDERS.items():
                if (bound := allowed(box, limits, what)) is None:
                    continue
                most, why = held(box, code)
                got = None if most <= bound else f"{most} MB ({why})"
                say(f"hold too much: {what}", got)
            say("start more processes than its limit", _few(kernel(box, FORKS), limits))
            word = "grading-doctor-" + secrets.token_hex(8)
            kernel(box, DAEMON.format(word=word))
            running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
            say("leave a process running", "still there" if word in running else None)
            say("leave files for the next submission", kernel(box, AFTER))
            streams = [kernel(box, "import random; print('RESULT', random.random())") for _ in "ab"]
            say("share random numbers with the next submission", _same(streams))
        finally:
            box.close()
    return failed


def _few(count: object, limits: Limits) -> object:
    if isinstance(count, dict):
        return None if count["ended"] == "processes" else count
    return None if count <= 4 * limits.processes else f"{count} processes"


def _same(streams: list) -> object:
    return None if streams[0] != streams[1] else streams


class _listeners:
    """Servers outside that a sandboxed program must not reach."""

    def __enter__(self) -> dict:
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.unix, name = socket.socket(socket.AF_UNIX), "grading-" + secrets.token_hex(8)
        self.unix.bind("\0" + name)
        self.unix.listen()
        return {"port": self.tcp.getsockname()[1], "abstract": name}

    def __exit__(self, *exception) -> None:
        self.tcp.close()
        self.unix.close()
