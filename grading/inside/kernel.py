"""The kernel inside the sandbox: IPython's own, which runs tests, and has answers run elsewhere.

A request to run a cell says where: "answers", in their own process; "both", for the assignment's
own cells; "tests", here, with the names that the test takes from the answers, with lines of the
answers, "odd", for which work by hand is refused, and with the files, "given", that the assignment
brings along. Where tests and answers are run together, no request says so.
"""

import ctypes
import importlib
import json
import os
import select
import signal
import sys
from contextlib import suppress
from types import BuiltinFunctionType, FunctionType, ModuleType, TracebackType

# what a kernel would otherwise import when it starts
import IPython.core.completerlib
import IPython.core.debugger
import IPython.core.oinspect
import IPython.extensions.storemagic  # noqa: F401
import tornado.platform.asyncio  # noqa: F401
import zmq
from answers import PR_SET_DUMPABLE, fork
from apart import surroundings
from apart.bound import MISSING
from apart.frames import interrupts
from apart.library import Library
from apart.peer import Peer
from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.compilerop import CachingCompiler
from IPython.utils.capture import capture_output
from jupyter_client.session import Session
from kept import Kept
from traitlets import Any, Integer
from transform import QuickTransformer

sys.modules["debugpy"] = None  # nobody debugs here, and each kernel would take 50 ms to load it
import ipykernel.debugger  # noqa: E402, F401

del sys.modules["debugpy"]

FIXED = (FunctionType, BuiltinFunctionType, type, ModuleType)
FIXED += (int, float, complex, str, bytes, tuple)
CHANNEL = os.path.dirname(surroundings.__file__)
DISPLAYED = ("stream", "display_data", "update_display_data", "clear_output", "execute_result")


class Kernel(IPythonKernel):
    """IPython's kernel. peer: its end of the channel to the answers; None: they run here."""

    peer = Any(None, allow_none=True)
    child = Integer()  # the process of the answers
    kept = Any(None, allow_none=True)  # files, as they were before any answer ran
    implementation = "ipython"
    compiler_class = CachingCompiler  # ipykernel's names a cell for a debugger, in slow Python

    def prepare(self) -> None:
        shell, self.testing = self.shell, True  # what runs is a test
        self.fetched, self.copied = {}, set()  # from the answers; by locked cells, on both sides
        self.asked = set()  # for which names
        shell.input_transformer_manager.__class__ = QuickTransformer
        if self.peer:
            self.peer.show, self.peer.rebind = self._show, self._rebind
            self._exception, shell._get_exc_info = shell._get_exc_info, self._own_exception
            if watch := sys.modules.get("checks.watch"):
                watch.THERE[:] = [self.peer]

    async def do_execute(self, code, silent, store_history=True, *args, **kwargs):
        content = self.get_parent("shell")["content"]
        where, self.testing = content.get("where"), True
        if self.peer is None or where is None:
            return await super().do_execute(code, silent, store_history, *args, **kwargs)
        if where != "tests":
            self.testing = False
            reply = self._have_run(code, store_history)
            if where == "both":
                self._copy(code)
        else:
            self._fetch(content["names"])
            if watch := sys.modules.get("checks.watch"):
                watch.ODD[:], watch.TEST[:] = content["odd"], [code]
            self.kept.begin(content["given"])
            reply = await super().do_execute(code, silent, store_history, *args, **kwargs)
            if changed := self.kept.end():
                reply["payload"].append({"source": "changed", "files": changed})
        sys.stdout.flush()
        for name in set(self.fetched):
            if self.shell.user_ns.get(name) is self.fetched.pop(name):
                del self.shell.user_ns[name]
        if why := self.peer.frames.broken:
            reply["payload"] = [{"source": "ask_exit", "why": self._end(why)}]
        return reply

    # --- a test ---

    def _fetch(self, names: list[str]) -> None:
        """Take from the answers what a test uses of them."""
        space, self.asked = self.shell.user_ns, set()
        for name in names:
            mine = space.get(name, MISSING)
            if mine is MISSING or (name in self.copied and not isinstance(mine, FIXED)):
                self.asked.add(name)
                try:
                    value = self.peer.fetch(name)
                except (Exception, KeyboardInterrupt) as error:  # it cannot be handed over
                    print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
                    continue
                if value is not MISSING:
                    space[name] = self.fetched[name] = value

    def _rebind(self, bound: tuple) -> None:
        """A call has bound names anew that a test has taken, and has not bound itself."""
        space = self.shell.user_ns
        for name, value in bound:
            same = space.get(name, MISSING) is self.fetched.get(name, MISSING)
            if name in self.asked and same:
                space[name] = self.fetched[name] = value

    # --- an answer ---

    def _have_run(self, code: str, store: bool) -> dict:
        """Have a cell run by the process of the answers; the reply to its request."""
        shell = self.shell
        try:
            said = self.peer.ask("run", code, shell.execution_count, bool(store))
            status, name, words, trace, quits = said
            trace = [line for line in trace if type(line) is str] if type(trace) is tuple else []
        except (Exception, KeyboardInterrupt) as error:
            status, name, words, trace, quits = "error", type(error).__name__, str(error), [], False
        name, words = [text if type(text) is str else "" for text in (name, words)]
        shell.execution_count += bool(store)
        reply = {"execution_count": shell.execution_count - 1, "user_expressions": {}}
        reply |= {"payload": [{"source": "ask_exit"}] if quits is True else []}
        if status == "ok":
            return reply | {"status": "ok"}
        return reply | dict(status="error", ename=name, evalue=words, traceback=trace)

    def _copy(self, code: str) -> None:
        """Run one of the assignment's own cells here too, so that tests have its functions."""
        space, states = self.shell.user_ns, self.peer.random.now()
        before = dict(space)
        with capture_output():
            try:
                exec(compile(self.shell.transform_cell(code), "<assignment>", "exec"), space)
            except Exception:
                pass  # it needs what the answers define, and can do without here
        self.peer.random.accept([0, 1, 2], states)
        self.copied |= {name for name in space if space[name] is not before.get(name, MISSING)}

    # --- what is shown, and the end ---

    def _own_exception(self, given=None) -> tuple:
        kind, error, trace = self._exception(given)
        return kind, error, _without_channel(trace)

    def _show(self, kind: str, content: dict) -> None:
        """Pass on what an answer shows; what it shows within a test is no score."""
        if kind == "execute_result" and self.testing:
            kind = "display_data"
        elif kind not in DISPLAYED and (kind != "error" or self.testing):
            raise ValueError(kind)
        if kind == "stream":
            content = {"name": str(content["name"]), "text": str(content["text"])}
            stream = sys.stderr if content["name"] == "stderr" else sys.stdout
            if not isinstance(stream, OutStream):  # a test collects what is printed
                return print(content["text"], end="", file=stream)
        sys.stdout.flush()
        sys.stderr.flush()
        self._publish(kind, content)

    def _publish(self, kind: str, content: dict) -> None:
        self.session.send(self.iopub_socket, kind, content, self.get_parent("shell"))

    def _end(self, why: str) -> str:
        """End as the process of the answers did, if it did; else why its channel is of no use."""
        select.select([self.peer.frames.child], [], [], 1)  # it may be about to end
        done, status = os.waitpid(self.child, os.WNOHANG)
        if done:
            if os.WIFSIGNALED(status):
                os.kill(os.getpid(), os.WTERMSIG(status))
            os._exit(os.waitstatus_to_exitcode(status) % 256)
        return f"the tests could no longer reach the answers: {why}"


def _without_channel(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without what carries a call to the answers."""
    first = before = TracebackType(trace, sys._getframe(), 0, 0) if trace else None
    while trace:
        if trace.tb_frame.f_code.co_filename.startswith(CHANNEL):
            before.tb_next = trace.tb_next
        else:
            before = trace
        trace = trace.tb_next
    return first and first.tb_next


class LimitedSession(Session):
    """Cuts a message that is larger than all output the submission may write; sends any text."""

    most = Integer(1 << 30)

    def serialize(self, msg, ident=None):
        content = msg["content"]
        if msg["header"]["msg_type"] == "stream" and len(content["text"]) > self.most:
            content["text"] = content["text"][: self.most + 1]
        elif "data" in content and msg["header"]["msg_type"] in {"display_data", "execute_result"}:
            if sum(len(str(value)) for value in content["data"].values()) > self.most:
                content["data"] = {"text/plain": " " * (self.most + 1)}
        elif "traceback" in content and sum(map(len, content["traceback"])) > self.most:
            content["traceback"] = [" " * (self.most + 1)]
            content["evalue"] = str(content.get("evalue", ""))[:1000]
        try:
            return super().serialize(msg, ident)
        except UnicodeEncodeError:  # half a character, in a text that a student has made
            text = json.dumps(msg["content"], ensure_ascii=False, default=str)
            msg["content"] = json.loads(text.encode("utf-8", "replace"))
            return super().serialize(msg, ident)


class App(IPKernelApp):
    """ipykernel's application, which listens on sockets that the grader has bound outside."""

    def init_connection_file(self) -> None:
        """There is none."""

    def write_connection_file(self, **kwargs) -> None:
        """There is none."""

    def init_heartbeat(self) -> None:
        """Nobody asks for it."""

    def _bind_socket(self, s, port: int) -> int:
        s.setsockopt(zmq.USE_FD, port)  # a port's number is the descriptor's
        s.bind(f"ipc:///run/kernel-{port}")  # a name only: nothing is made there
        return port


def start_kernel(request: dict, channels: list[int], setup: dict) -> None:
    """Run the kernel in this process until it is told to stop."""
    session = LimitedSession(key=request["key"].encode(), most=setup["limits"]["output"])
    names = ("shell_port", "iopub_port", "stdin_port", "control_port")
    ports = dict(zip(names, channels, strict=True))
    peer = child = kept = None
    if setup["apart"]:
        kept = Kept()
        library = Library(tuple(setup["shared"]))
        frames, child = fork(setup, library)
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # none may read or change this process
        sys.path.insert(0, setup["own"])
        peer = Peer("t", frames, library)
    for name in request["imports"]:  # by locked cells: not from the student's folder
        with suppress(Exception):  # the cell will say why
            importlib.import_module(name)
    if not setup["apart"]:
        sys.path.insert(0, "")
    app = App.instance(session=session, transport="ipc", **ports, kernel_class=Kernel)
    with interrupts(signal.SIG_BLOCK):  # they come to the main thread, which can put them off
        own = ["--IPKernelApp.ignore_cwd=True"] if peer else []  # the folder is the student's
        app.initialize(["--HistoryManager.enabled=False", *own])
    app.kernel.peer, app.kernel.child, app.kernel.kept = peer, child or 0, kept
    app.kernel.prepare()
    app.start()
