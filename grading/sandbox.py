"""The sandbox: bubblewrap around a warm Python process that forks one kernel per submission."""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import bubble, cgroup, seccomp
from .bubble import why_not
from .limits import MB, Limits
from .scratch import CHANNELS, SandboxError, Scratch, SetupError

LAUNCH_SECONDS = 60.0  # for files to be copied and a fork
END_SECONDS = 40.0
LOST = {"why": "sandbox", "code": None, "cpu": None, "memory": None, "left": 0}


class Sandbox:
    """A running sandbox: one warm process, and at most one kernel at a time.

    What it is asked carries a number and what it answers repeats it; anything else that arrives is
    dropped. Every wait has an end, after which the sandbox is not ``sound``: it must be replaced.
    """

    def __init__(self, limits: Limits, hidden: list[Path], slot: int = 0, group: bool = True):
        """Start it. Raises SandboxError where it cannot be had, or would show ``hidden``."""
        self.limits, self.lost, self.forgotten = limits, False, False
        self.number = 0  # of the last request
        self.kernel: int | None = None  # the number of the launch of the kernel that runs
        self.ended: dict | None = None  # how the last kernel ended
        self.has_waited = 0.0  # for a processor, when it was asked last
        self.control = self.group = None
        self.process = -1  # a descriptor of process 1 inside; with it all of them end
        self.log = -1  # what the kernel writes besides its messages, to be read without waiting
        if reason := why_not():
            raise SandboxError(reason)
        self.scratch = Scratch()
        try:
            self._start(bubble.user(slot), hidden, group)
        except BaseException:
            self.close()
            raise

    def _start(self, uid: int | None, hidden: list[Path], group: bool) -> None:
        self.bubble = bubble.Bubble(self.limits, bubble.shown(self.limits, hidden), uid)
        limits = self._limits(uid)
        self.group = cgroup.make(limits["memory"], limits["nproc"]) if group else None
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._said = tempfile.TemporaryFile(dir=self.scratch.root)
        doors = self.group.enter() if self.group else []
        fds = [theirs.detach(), *doors]
        setup = {"fd": fds[0], "uid": uid, "group": doors, "limits": limits}
        setup |= {"work": self.bubble.work, "inbox": "/run/inbox"}
        setup |= {"writable": self.bubble.writable, "own": "/run/own"}
        setup |= {"preload": [*self.limits.preload, *self.limits.shared]}
        setup |= {"shared": ["torch.nn", *self.limits.shared], "apart": not self.limits.together}
        command = self.bubble.command(self.scratch)
        if filter_ := seccomp.program():
            fds.append(os.memfd_create("seccomp"))
            os.write(fds[-1], filter_)
            os.lseek(fds[-1], 0, os.SEEK_SET)
            command += ["--seccomp", str(fds[-1])]
        info, theirs = os.pipe()
        fds.append(theirs)
        command += ["--info-fd", str(theirs)]
        command += [sys.executable, "-s", "/run/grading/zygote.py", json.dumps(setup)]
        process = subprocess.Popen(
            command,
            pass_fds=fds,
            env=self.bubble.environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            cwd="/",
        )
        for fd in fds:
            os.close(fd)
        self.process = _first_process(info, process.pid)

    def wait_until_ready(self) -> None:
        """Wait for the warm process to have imported everything. Raises SandboxError, SetupError."""
        if self.number:
            return
        ready = self._wait(lambda m: m.get("n") == 0, self.limits.start_seconds)
        self.number = 1
        if ready["ready"] != 1:
            raise SetupError(
                f"the warm process has {ready['ready']} threads and cannot fork safely; one of "
                f"the preloads started them: {', '.join(self.limits.preload)}"
            )
        roots = {name.partition(".")[0] for name in self.limits.shared}
        if needed := [m for m in ready["missing"] if re.split("[.:]", m)[0] in roots]:
            raise SetupError(
                f"the tests rely on modules that {sys.executable} cannot import in the sandbox "
                f"({'; '.join(needed)}); nothing was graded: install the course there (make setup)"
            )

    def _limits(self, uid: int | None) -> dict[str, int]:
        limits = self.limits
        return {
            "memory": limits.memory_mb * MB,
            "file": limits.file_mb * MB,
            "disk": limits.disk_mb * MB,
            "output": limits.output_mb * MB,
            "processes": limits.processes,
            "nproc": limits.processes * 4 + bubble.threads_of(uid),
        }

    # --- messages ---

    def _send(self, op: str, descriptors: list[int] = (), **content) -> int:
        self.number += 1
        request = json.dumps({"n": self.number, "op": op, **content}).encode()
        try:
            self.control.settimeout(LAUNCH_SECONDS)
            socket.send_fds(self.control, [request], list(descriptors))
        except OSError:
            self.lost = True
        return self.number

    def _hear(self, seconds: float) -> dict | None:
        """The next message, or None; how the present kernel ended is noted."""
        if self.lost or not select.select([self.control], [], [], seconds)[0]:
            return None
        try:
            message = json.loads(self.control.recv(MB) or b"{}")
        except (OSError, ValueError):
            message = {}
        if not message:
            self.lost = True
        elif "ended" in message and message["kernel"] == self.kernel:
            self.ended, self.kernel = self._why(message["ended"]), None
        return message

    def _wait(self, wanted, seconds: float) -> dict:
        """The message that is wanted, others dropped. Raises SandboxError where none comes."""
        seconds *= min(4, max(1, os.getloadavg()[0] / os.cpu_count()))  # the load of each core
        until = time.monotonic() + seconds
        while not self.lost and (left := until - time.monotonic()) > 0:
            message = self._hear(left)
            if message and wanted(message):
                return message
        why, self.lost = self.said() if self.lost else f"not within {seconds:.0f} s", True
        raise SandboxError(f"the sandbox did not answer: {why}")

    def _why(self, ended: dict) -> dict:
        """The system ends what takes too much memory with a signal, and without a word."""
        if self.group and ended["why"] == "died" and self.group.kills() > self._kills:
            ended["why"] = "memory"
        return ended

    def said(self) -> str:
        """The last line the sandbox's own process wrote."""
        self._said.seek(0)
        return _last_line(self._said.read()) or "it ended without a message"

    # --- a kernel ---

    def launch(self, connection: dict, environment: dict[str, str], imports: list[str] = ()) -> int:
        """Fork a kernel with the files of the inbox, listening at ``connection``, a jupyter one.

        Its process id inside. Raises SandboxError.
        """
        self.wait_until_ready()
        ports = {name: connection[f"{name}_port"] for name in CHANNELS}
        sockets = self.scratch.listen(ports)
        self._close_log()
        self.log, theirs = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._kills = self.group.kills() if self.group else 0
        fds = [theirs, *(s.fileno() for s in sockets)]
        content = {"environment": environment, "imports": list(imports), "key": connection["key"]}
        self.ended, self.has_waited = None, 0.0
        self.kernel = number = self._send("launch", fds, **content)
        for each in sockets:
            each.close()
        os.close(theirs)
        seconds = LAUNCH_SECONDS + self.limits.start_seconds  # the first imports what tests do
        answer = self._wait(lambda m: m.get("n") == number, seconds)
        if "failed" in answer:
            self.kernel = None
            kind = SetupError if answer["final"] else SandboxError
            raise kind(f"no kernel could be started: {answer['failed']}")
        return answer["launched"]

    def poll(self) -> dict | None:
        """None while the kernel lives; then how it ended."""
        while self.kernel is not None and self._hear(0) is not None:
            pass
        if self.lost and self.kernel is not None:
            self.ended, self.kernel = dict(LOST), None
        if self.kernel is not None and self.group and self.group.kills() > self._kills:
            self._kills = self.group.kills()  # a child of the kernel was ended: so is the kernel
            self.ended = self.end() | {"why": "memory"}
        return self.ended

    def signal(self, number: int) -> None:
        if self.poll() is None and self.kernel is not None:
            self._send("signal", kernel=self.kernel, number=number)

    def waited(self) -> float:
        """Seconds that the kernel's threads were ready to run and got no processor."""
        if self.poll() is not None or self.kernel is None:
            return 0.0
        number = self._send("waited")
        self.has_waited = self._wait(lambda m: m.get("n") == number, LAUNCH_SECONDS)["waited"]
        return self.has_waited

    def end(self) -> dict:
        """End the kernel and everything it started; how it ended."""
        if self.poll() is None and self.kernel is not None:
            kernel = self.kernel
            self._send("end", kernel=kernel)
            try:
                self._wait(lambda m: m.get("kernel") == kernel, END_SECONDS)
            except SandboxError:
                self.ended, self.kernel = dict(LOST), None
        self.scratch.clear()
        return self.ended or dict(LOST)

    def last_words(self) -> str:
        """The last line the kernel wrote outside of its messages."""
        with contextlib.suppress(OSError):
            return _last_line(os.read(self.log, 1 << 16)) or "it left no message"
        return "it left no message"

    @property
    def sound(self) -> bool:
        """Whether another submission may use it: it answers, and nothing was left inside."""
        left = self.ended["left"] if self.ended else 0
        return not self.lost and left == 0 and not select.select([self.process], [], [], 0)[0]

    def _close_log(self) -> None:
        if self.log >= 0:
            os.close(self.log)
            self.log = -1

    def fits(self, limits: Limits, hidden: list[Path]) -> bool:
        """Whether it is what these settings ask for. Raises SandboxError, as a new one would."""
        bubble.shown(limits, hidden)
        return limits.trait_values(config=True) == self.limits.trait_values(config=True)

    def forget(self) -> None:
        """Leave it to another process: one forked from this one, after it was started."""
        self.control.close()
        self.scratch.forget()
        os.close(self.process)
        self.forgotten = True

    def close(self) -> None:
        """End it and remove its scratch folder. May be called twice."""
        if self.forgotten:
            return
        self.lost, patience = True, 5 if self.number else 0  # it does not listen while it imports
        self._close_log()
        if self.control:
            self.control.close()
        if self.process >= 0:
            if not select.select([self.process], [], [], patience)[0]:
                signal.pidfd_send_signal(self.process, signal.SIGKILL)
                select.select([self.process], [], [], 5)
            os.close(self.process)
            self.process = -1
        if self.group:
            self.group.close()
        if self.scratch.root.exists():
            self.scratch.close()


def _last_line(text: bytes) -> str:
    return "".join(text.decode(errors="replace").strip().splitlines()[-1:])


def _first_process(info: int, pid: int) -> int:
    """A descriptor of process 1, of which bubblewrap (``pid``) tells; else of bubblewrap."""
    text = ""
    while "}" not in text and (more := os.read(info, 4096).decode()):
        text += more
    os.close(info)
    try:
        return os.pidfd_open(json.loads(text)["child-pid"])
    except (ValueError, KeyError, ProcessLookupError):
        return os.pidfd_open(pid)  # which has failed, or is about to
