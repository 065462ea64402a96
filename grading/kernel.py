"""One kernel, in the sandbox or not: its start, its messages, its end."""

import os
import signal
from pathlib import Path
from queue import Empty

import zmq
import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager
from nbclient.util import ensure_async

from .limits import MB, Limits
from .patience import Patience
from .provisioner import SandboxKernelManager
from .sandbox import Sandbox
from .scratch import SandboxError

START_SECONDS = 60.0
LAST_LOOKS = 100  # at messages that arrived before time was up
LIMIT_NAMES = {
    "memory": "the memory limit ({memory_mb} MB)",
    "processes": "the limit on processes ({processes})",
    "disk": "the limit on files written ({disk_mb} MB, or 20,000 files)",
    "file": "the limit on the size of a file ({file_mb} MB)",
    "output": "the output limit ({output_mb} MB)",
    "submission": "the time limit for the submission ({submission_seconds:g} s)",
}


class KernelDied(Exception):
    """The kernel is gone. The message says why."""


class Kernel:
    """A running kernel. ``detail`` (see ``outcomes.empty``) is told what it used."""

    def __init__(self, parent, limits: Limits, detail: dict):
        self.parent, self.limits, self.detail = parent, limits, detail
        self.km = self.kc = None

    @property
    def box(self) -> Sandbox | None:
        """The sandbox it runs in."""
        return self.provisioner.sandbox if isinstance(self.km, SandboxKernelManager) else None

    async def start(
        self, folder: str, files: dict[str, Path], own: dict[str, Path], imports: list[str]
    ) -> dict:
        """Start it and wait until both its channels work; what it says of itself.

        files, own, imports: see ``provisioner.SandboxKernelManager``.

        Raises SandboxError: none of the student's code has run by then.
        """
        if self.limits.isolation:
            given = {"limits": self.limits, "files": files, "own": own, "imports": imports}
            self.km = SandboxKernelManager(parent=self.parent, **given)
        else:
            self.km = AsyncKernelManager(parent=self.parent, kernel_name="python3")
        await self.km.start_kernel(
            cwd=folder,
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
            env=os.environ | {"PYTHONOPTIMIZE": ""},  # else tests have no assertions
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
        return await self._information()

    async def _information(self) -> dict:
        """What a started kernel says of itself; until then both channels are listened to."""
        patience, heard, info = Patience(START_SECONDS, self.box), False, None
        while not (heard and info):
            if patience.over():
                raise SandboxError(f"a kernel did not start within {START_SECONDS:g} s")
            self.kc.kernel_info()
            try:
                received = await self.receive(0.5)
            except KernelDied as error:
                said = self.box.last_words() if self.box else "it left no message"
                raise SandboxError(f"a kernel did not start: {error}; {said}") from None
            for channel, message in received:
                if channel == "iopub":
                    heard = True
                elif message["header"]["msg_type"] == "kernel_info_reply":
                    info = message["content"]
        return info

    async def stop(self) -> None:
        """End it; may be called twice."""
        if self.km is None:
            return
        if self.kc is not None:
            self.kc.stop_channels()
        if self.km.has_kernel:
            await self.km.shutdown_kernel(now=True)
        ended = getattr(self.km.provisioner, "how_it_ended", None) or {}
        self.detail["cpu_seconds"] += ended.get("cpu") or 0.0
        self.detail["memory"] = max(self.detail["memory"], ended.get("memory") or 0)
        await ensure_async(self.km.cleanup_resources())
        self.km = self.kc = None

    async def interrupt(self) -> None:
        await self.km.interrupt_kernel()

    async def kill(self, why: str) -> KernelDied:
        await self.km.shutdown_kernel(now=True)
        return KernelDied(f"the kernel was killed: {why}")

    async def receive(self, seconds: float) -> list[tuple[str, dict]]:
        """Messages that have arrived, waiting for one; what cannot be read is dropped.

        Raises KernelDied.
        """
        self.check_alive()
        found = []
        ready = dict(await self.poller.poll(int(seconds * 1000)))
        for name, channel in (("iopub", self.kc.iopub_channel), ("shell", self.kc.shell_channel)):
            if channel.socket in ready:
                try:
                    found.append((name, await channel.get_msg(timeout=0)))
                except Exception as error:
                    if not isinstance(error, Empty):
                        self.parent.log.warning("an unreadable message: %s", type(error).__name__)
        return found

    def execute(self, source: str, **more) -> str:
        """Have a cell run; the request's id. more: where and with what, see ``inside/kernel.py``."""
        content = {"code": source, "silent": False, "store_history": True, "stop_on_error": False}
        content |= {"user_expressions": {}, "allow_stdin": False, **more}
        message = self.kc.session.msg("execute_request", content)
        self.kc.shell_channel.send(message)
        return message["header"]["msg_id"]

    def look(self) -> None:
        """Charge what is past a limit to the cell that has just run. Raises as `check_alive`."""
        if self.box:
            self.box.waited()  # its limits are looked at before it answers
        self.check_alive()

    def check_alive(self) -> None:
        """Raises KernelDied; SandboxError where that is not the submission's doing."""
        if isinstance(self.km, SandboxKernelManager):
            ended = self.box.poll() if self.box else self.provisioner.how_it_ended
            if ended is not None and ended["why"] == "sandbox":
                raise SandboxError("the sandbox itself was ended by something else")
            if ended is not None:
                self.detail["killed"] |= ended["why"] == "died" and ended["code"] == -signal.SIGKILL
                raise KernelDied(self._cause(ended))
        elif self.provisioner.process is None or self.provisioner.process.poll() is not None:
            raise KernelDied("the kernel died")

    def _cause(self, ended: dict) -> str:
        if ended["why"] in LIMIT_NAMES:
            return f"the kernel was killed: past {limit(self.limits, ended['why'])}"
        code = ended["code"]
        if code is not None and code < 0:
            names = {number.value: number.name for number in signal.Signals}
            return f"the kernel died (signal {-code}, {names.get(-code, 'of no name')})"
        return f"the kernel ended by itself (exit status {code})"


def limit(limits: Limits, name: str) -> str:
    """A limit in words."""
    return LIMIT_NAMES[name].format(**limits.trait_values())
