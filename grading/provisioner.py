"""Kernels in the sandbox, by jupyter_client's own extension point.

The entry point ``grading-sandbox`` of the group ``jupyter_client.kernel_provisioners`` names
``SandboxProvisioner``; a kernelspec asks for it under ``metadata.kernel_provisioner``.
"""

import asyncio
import atexit
import signal
from importlib.metadata import EntryPoint
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase, KernelProvisionerFactory
from traitlets import Any, Dict, Instance, List, Unicode

from .limits import Limits
from .sandbox import Sandbox

NAME = "grading-sandbox"
GROUP = KernelProvisionerFactory.GROUP_NAME


class Pool:
    """The one sandbox of this process, started when first needed and replaced when unsound."""

    def __init__(self) -> None:
        self.sandbox: Sandbox | None = None
        self.hidden: list[Path] = []
        self.slot = 0
        atexit.register(self.close)

    def get(self, limits: Limits) -> Sandbox:
        box = self.sandbox
        if box and not (box.sound and box.fits(limits, self.hidden)):
            self.close()
        if self.sandbox is None:
            self.sandbox = Sandbox(limits, self.hidden, self.slot)
        return self.sandbox  # which may still be starting: it waits for that when it must

    def close(self) -> None:
        if self.sandbox:
            self.sandbox.close()
            self.sandbox = None


pool = Pool()


class SandboxProvisioner(KernelProvisionerBase):
    """Starts, watches and ends a kernel in the sandbox of this process."""

    sandbox = Any(None, allow_none=True)
    how_it_ended = Any(None, allow_none=True)

    @property
    def has_process(self) -> bool:
        return self.sandbox is not None

    async def pre_launch(self, **kwargs) -> dict:
        manager = self.parent
        self.box = pool.get(manager.limits)
        self.box.scratch.put(manager.files, manager.own)
        manager.transport = "ipc"
        manager.ip = self.box.scratch.address
        manager.connection_file = str(self.box.scratch.root / "connection.json")
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        kwargs.pop("extra_arguments", None)
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs) -> dict:
        info = {**self.connection_info, "key": self.connection_info["key"].decode()}
        environment = {"NBGRADER_EXECUTION": "autograde"}
        self.box.launch(info, environment, self.parent.imports)
        self.sandbox = self.box
        return self.connection_info

    async def poll(self) -> int | None:
        if self.sandbox is None:
            return 0
        ended = self.sandbox.poll()
        return None if ended is None else (ended["code"] or 0)

    async def wait(self) -> int | None:
        while self.sandbox is not None and self.sandbox.poll() is None:
            await asyncio.sleep(0.005)
        return await self._finish()

    async def _finish(self) -> int:
        if self.sandbox is not None:
            self.how_it_ended = self.sandbox.end()
            self.sandbox = None
        return (self.how_it_ended or {}).get("code") or 0

    async def send_signal(self, signum: int) -> None:
        if self.sandbox is not None:
            if signum in (signal.SIGKILL, signal.SIGTERM):
                await self._finish()
            else:
                self.sandbox.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        await self._finish()

    async def terminate(self, restart: bool = False) -> None:
        await self._finish()

    async def cleanup(self, restart: bool = False) -> None:
        await self._finish()


class SandboxKernelManager(AsyncKernelManager):
    """A kernel manager whose kernelspec asks for the sandbox, whatever the notebook asks for."""

    limits = Instance(Limits)
    files = Dict(help="Path below the kernel's working folder -> the file to copy there.")
    own = Dict(help="Name -> a module of the assignment's that its tests may import.")
    imports = List(help="Modules that every kernel is to have, and no other of these names.")
    kernel_name = Unicode("python3")
    shutdown_wait_time = 0.0

    def __init__(self, **kwargs):
        # an egg-info folder in the current directory can hide the installed entry point
        here = EntryPoint(NAME, f"{__name__}:SandboxProvisioner", GROUP)
        KernelProvisionerFactory.instance().provisioners.setdefault(NAME, here)
        super().__init__(**kwargs)

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3 in the sandbox",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": NAME}},
        )
