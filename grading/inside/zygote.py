"""Process 1 of the sandbox: imports once, then forks one kernel for each submission.

It talks JSON over one socket pair with the process that started the sandbox. It never runs a
student's code itself; it watches the kernel that does, and ends everything the kernel left. Each
request has a number, which its reply repeats. A kernel is named by the number of its launch.

    -> {"n": 7, "op": "launch", ...} with descriptors   <- {"n": 7, "launched": pid}
    -> {"n": 8, "op": "waited"}                         <- {"n": 8, "waited": seconds}
    -> {"n": 9, "op": "signal", "kernel": 7, "number": n}
    -> {"n": 10, "op": "end", "kernel": 7}              <- {"kernel": 7, "ended": {...}}
    (kernel 7 died, or broke a limit)                   <- {"kernel": 7, "ended": {...}}

Whatever is asked of a kernel that is no longer there is left unanswered, but for "end", which is
answered as often as it is asked.
"""

import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import traceback

import watch
from imports import needed

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
CHECK_SECONDS = 0.25
LARGEST = 1 << 20  # bytes of a request
DESCRIPTORS = 16  # of a request
# what notebooks and their tests are likely to import, and what these import when first used
LAZY = ["numpy.testing", "torch.testing", "unittest.mock", "statistics", "torch._subclasses"]
libc = ctypes.CDLL(None, use_errno=True)


def become(uid: int | None) -> None:
    """Give up root for ``uid``; everything after this call runs without any privilege."""
    if uid is not None:
        for capability in range(64):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # the version of capset(2) with 64 bits
    libc.capset(header, (ctypes.c_uint32 * 6)())
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # no kernel may read or change this process


def preload(names: list[str]) -> list[str]:
    """Import what notebooks import; return the names that are not installed or fail."""
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:
            missing.append(f"{name}: {type(error).__name__}: {error}")
    return missing


def settle(setup: dict) -> None:
    """What has been imported stays."""
    gc.collect()
    gc.freeze()  # the collector of a forked kernel then leaves these pages shared
    setup["resident"] = watch.resident("self")


def tasks() -> int:
    """Threads of this process. Forking is safe from one thread only."""
    return len(os.listdir("/proc/self/task"))


# --- the kernel process ------------------------------------------------------------------------


def reseed() -> None:
    """Forked processes share their parent's random streams; give this one its own."""
    if "random" in sys.modules:
        sys.modules["random"].seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "torch" in sys.modules:
        sys.modules["torch"].seed()


def run_kernel(request: dict, descriptors: list[int], setup: dict) -> None:
    """Become the kernel. Does not return. ``descriptors``: its log, then its channels' sockets."""
    log, *channels = descriptors
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for door in setup["group"]:  # under the group's limits, with all it will ever start
        os.write(door, b"0")
    watch.close_all_but(channels)
    os.setsid()
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    watch.limit_resources(setup["limits"])
    for number in (signal.SIGTERM, signal.SIGCHLD):  # SIGPIPE stays ignored, as in any Python
        signal.signal(number, signal.SIG_DFL)
    os.environ.update(request["environment"])
    os.chdir(setup["work"])
    reseed()
    from kernel import start_kernel

    start_kernel(request, channels, setup)


# --- the supervisor ----------------------------------------------------------------------------


class Supervisor:
    """Serves one kernel at a time until nobody listens any more."""

    def __init__(self, control: socket.socket, setup: dict):
        self.control, self.setup = control, setup
        self.number = self.pid = self.child = None  # of the kernel that runs
        self.last: dict = {"kernel": None}  # how the last one ended
        self.known: set[str] = set()  # what assignments' own cells import, tried here

    def serve(self) -> None:
        while True:
            poller = select.poll()
            poller.register(self.control, select.POLLIN)
            if self.child is not None:
                poller.register(self.child, select.POLLIN)
            ready = dict(poller.poll(None if self.child is None else CHECK_SECONDS * 1000))
            if self.control.fileno() in ready:
                self.answer()
            if self.child is None:
                continue
            if self.child in ready:
                self.finish("died")
            else:
                self.look()

    def look(self) -> None:
        """End the kernel if it is past a limit."""
        if self.child is not None and (limit := watch.breach(self.setup)):
            self.finish(limit)
        watch.go_on()

    def answer(self) -> None:
        data, descriptors, *_ = socket.recv_fds(self.control, LARGEST, DESCRIPTORS)
        if not data:
            watch.end_all(0)
            os._exit(0)
        request = json.loads(data)
        try:
            getattr(self, request["op"])(request, descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def say(self, **message) -> None:
        self.control.send(json.dumps(message).encode())

    def launch(self, request: dict, descriptors: list[int]) -> None:
        if self.child is not None:
            self.finish("replaced")
        try:
            for folder in self.setup["writable"]:
                watch.empty(folder)
            self.learn(request["imports"])
            for entry in os.scandir(self.setup["inbox"]):
                copy = shutil.copytree if entry.is_dir() else shutil.copyfile
                copy(entry.path, os.path.join(self.setup["work"], entry.name))
        except OSError as error:
            self.say(n=request["n"], failed=str(error), final=False)
            return
        if tasks() != 1:  # it could not fork safely
            why = f"one of these starts threads when it is imported: {', '.join(self.known)}"
            self.say(n=request["n"], failed=why, final=True)
            return
        self.number, self.pid = request["n"], os.fork()
        if self.pid == 0:
            try:
                run_kernel(request, descriptors, self.setup)
                os._exit(0)
            except BaseException:
                os.write(2, traceback.format_exc().encode()[-4096:])
            finally:
                os._exit(1)
        self.child = os.pidfd_open(self.pid)
        self.say(n=request["n"], launched=self.pid)

    def learn(self, names: list[str]) -> None:
        """Import what the assignment's own cells need, once for all its kernels.

        But nothing that only tests may have: answers' processes are copies of this one.
        """
        if fresh := set(names) - self.known:
            self.known |= fresh
            from apart.library import withheld

            tests = withheld(self.setup["shared"]) if self.setup["apart"] else set()
            preload(needed(fresh, tests))  # what fails here will fail, and say why, in the cell
            settle(self.setup)

    def waited(self, request: dict, descriptors: list[int]) -> None:
        self.look()
        self.say(n=request["n"], waited=watch.waited())

    def signal(self, request: dict, descriptors: list[int]) -> None:
        if request["kernel"] == self.number:
            try:
                os.killpg(self.pid, request["number"])
            except ProcessLookupError:  # it has only just been forked
                os.kill(self.pid, request["number"])

    def end(self, request: dict, descriptors: list[int]) -> None:
        if request["kernel"] == self.number:
            self.finish("ended")
        elif request["kernel"] == self.last["kernel"]:
            self.say(**self.last)

    def finish(self, why: str) -> None:
        """End the kernel and all it started, and say how it ended."""
        ended = {"why": why, **watch.end_all(self.pid)}
        os.close(self.child)
        self.last = {"kernel": self.number, "ended": ended}
        self.number = self.pid = self.child = None
        self.say(**self.last)


def main() -> None:
    gc.disable()  # nothing of what is imported is garbage
    setup = json.loads(sys.argv[1])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    become(setup["uid"])
    os.umask(0o022)
    os.chdir(setup["work"])
    control = socket.socket(fileno=setup["fd"])
    missing = preload(["kernel", *setup["preload"]])
    preload(LAZY)
    sys.modules["torch"].set_num_threads(1)
    sys.path.remove(os.path.dirname(__file__))
    settle(setup)
    gc.enable()
    ready = {"n": 0, "ready": tasks(), "missing": missing}
    control.send(json.dumps(ready).encode())
    Supervisor(control, setup).serve()


if __name__ == "__main__":
    main()
