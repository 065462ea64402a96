"""The kernel inside the sandbox: IPython's own, which can say what was tampered with."""

import ast
import builtins
import importlib
import sys
import warnings
from types import FunctionType

# what a kernel would otherwise import when it starts
import IPython.core.completerlib
import IPython.core.debugger
import IPython.core.oinspect
import IPython.extensions.storemagic  # noqa: F401
import tornado.platform.asyncio  # noqa: F401
import zmq
from guard import NONE, Function, Snapshot, pop_modes
from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQShellDisplayHook
from IPython.core.compilerop import CachingCompiler
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_client.session import Session
from traitlets import Integer

sys.modules["debugpy"] = None  # nobody debugs here, and each kernel would take 50 ms to load it
import ipykernel.debugger  # noqa: E402, F401

del sys.modules["debugpy"]

ESCAPES = TransformerManager().token_transformers
SLEEP = IPythonKernel._execute_sleep.default_value  # seconds, for a cell's output to be sent


class QuickTransformer(TransformerManager):
    """IPython's search for magics, left out where the cell is Python as it stands.

    A magic is never valid Python, and IPython's search costs milliseconds for each cell, which
    it makes twice.
    """

    python = ""  # the last source that was found to be Python

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        if self.token_transformers == ESCAPES:
            source = "".join(lines)
            if type(self.python) is str and source == self.python:
                return lines
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    compile(source, "<cell>", "exec", flags)
                self.python = source
                return lines
            except Exception:  # not Python, or not yet
                pass
        return super().do_token_transforms(lines)


class CountingHook(ZMQShellDisplayHook):
    """Notes how often the value of a cell's last expression was handed over for display."""

    calls = 0

    def __call__(self, result=None):
        self.calls += 1
        super().__call__(result)


class QuickStream(OutStream):
    """Standard output or error, which is not flushed, six times, for a probe that writes nothing."""

    probing = False

    def flush(self):
        if not QuickStream.probing:
            super().flush()


class GuardedKernel(IPythonKernel):
    """IPython's kernel with one more request on its control channel: ``guard_request``."""

    control_msg_types = [*IPythonKernel.control_msg_types, "guard_request"]
    implementation = "ipython"
    compiler_class = CachingCompiler  # ipykernel's names a cell for a debugger, in slow Python

    def arm(self, extra: list[str]) -> None:
        """Remember how everything is before the first cell runs."""
        shell = self.shell
        shell.displayhook.__class__ = CountingHook
        shell.input_transformer_manager.__class__ = QuickTransformer
        self._snapshot = Snapshot(extra)
        self._lists = {
            "ast_transformers": list(shell.ast_transformers),
            "input_transformers_post": list(shell.input_transformers_post),
        }
        self._cleanup = list(shell.input_transformer_manager.cleanup_transforms)
        self._line = list(shell.input_transformer_manager.line_transforms)
        self._token = list(shell.input_transformer_manager.token_transformers)
        self._shell_attributes = dict(vars(shell))
        self._attributes = [
            (label, target, set(vars(target)))
            for label, target in (
                ("kernel", self),
                ("kernel.session", self.session),
                ("get_ipython()", shell),
                ("get_ipython().compile", shell.compile),
                ("get_ipython().displayhook", shell.displayhook),
                ("get_ipython().events", shell.events),
                ("get_ipython().input_transformer_manager", shell.input_transformer_manager),
            )
        ]
        self._handlers = dict(self.shell_handlers)
        self._remembered, self._aside = {}, {}
        self._hooks = []

    async def do_execute(self, code, silent, store_history=True, *args, **kwargs):
        if sys.gettrace() is not None or sys.getprofile() is not None:
            self._hooks.append("sys.settrace or sys.setprofile")
            sys.settrace(None)
            sys.setprofile(None)
        try:
            self._hooks += pop_modes()
        except Exception as error:
            self._hooks.append(f"torch's modes could not be looked at: {error}")
        tracebacks = self.shell.InteractiveTB
        mode = tracebacks.mode
        QuickStream.probing = probe = not store_history
        self._execute_sleep = 0.0 if probe else SLEEP
        if probe:  # whose traceback nobody reads and which takes 40 ms
            tracebacks.set_mode("Minimal")
        try:
            return await super().do_execute(code, silent, store_history, *args, **kwargs)
        finally:
            if probe:
                tracebacks.set_mode(mode)

    async def guard_request(self, stream, ident, parent):
        content = parent["content"]
        try:
            found = []
            if content["op"] == "before":
                self._put_back()
            if content["op"] in ("before", "after"):
                found = self._restore_shell() + self._snapshot.restore()
                found += self._restore_names(content)
            if content["op"] == "after":
                self._put_back()
            self._remember(content["names"])
        except Exception as error:
            found = [f"the check itself failed: {type(error).__name__}: {error}"]
        reply = {"found": found, "displayed": self.shell.displayhook.calls}
        self.shell.displayhook.calls = 0
        self.session.send(stream, "guard_reply", reply, parent, ident)

    def _put_back(self) -> None:
        """What the student calls by the name of a built-in function, taken away for a test."""
        for name, value in self._aside.items():
            self.shell.user_ns.setdefault(name, value)
        self._aside = {}

    def _remember(self, names: list[str]) -> None:
        """Names that an instructor's cell has just defined."""
        for name in names:
            if name in self.shell.user_ns:
                value = self.shell.user_ns[name]
                function = Function(value) if isinstance(value, FunctionType) else None
                self._remembered[name] = value, function

    def _restore_shell(self) -> list[str]:
        """Undo changes to how the shell reads, compiles and runs a cell."""
        shell, found = self.shell, []
        manager = shell.input_transformer_manager
        lists = [(name, getattr(shell, name), value) for name, value in self._lists.items()]
        lists += [
            ("cleanup_transforms", manager.cleanup_transforms, self._cleanup),
            ("line_transforms", manager.line_transforms, self._line),
            ("token_transformers", manager.token_transformers, self._token),
        ]
        for name, now, before in lists:
            if list(now) != before:
                found.append(f"get_ipython().{name}")
                now[:] = before
        found += self._restore_attributes()
        if shell.CustomTB is not None and shell.custom_exceptions:
            found.append("get_ipython().set_custom_exc")
            shell.custom_exceptions = ()
        for event, callbacks in shell.events.callbacks.items():
            for callback in [c for c in callbacks if getattr(c, "__module__", None) == "__main__"]:
                found.append(f"a callback for the event {event}")
                callbacks.remove(callback)
        if self.shell_handlers != self._handlers:
            found.append("kernel.shell_handlers")
            self.shell_handlers.clear()
            self.shell_handlers.update(self._handlers)
        found += self._hooks
        self._hooks = []
        return found

    def _restore_attributes(self) -> list[str]:
        """Undo what was set on the shell and its parts in place of what they have by their class."""
        shell, found = self.shell, []
        for name in ("compile", "input_transformer_manager", "displayhook", "events", "user_ns"):
            before = self._shell_attributes.get(name, NONE)
            if before is not NONE and vars(shell).get(name) is not before:
                found.append(f"get_ipython().{name}")
                vars(shell)[name] = before
        for label, target, before in self._attributes:  # what hides a method of its class
            for name in vars(target).keys() - before:
                if callable(vars(target)[name]) and hasattr(type(target), name):
                    found.append(f"{label}.{name}")
                    del vars(target)[name]
        return found

    def _restore_names(self, content: dict) -> list[str]:
        """Undo rebinding, in the notebook, of names that the test takes from elsewhere."""
        names, found = self.shell.user_ns, []
        for name, path in content["imports"].items():
            module, _, attribute = path.partition(":")
            right = self._snapshot.modules.get(module)
            if attribute and right is not None:
                right = getattr(
                    right, attribute, self._snapshot.modules.get(f"{module}.{attribute}")
                )
            if right is not None and name in names and names[name] is not right:
                found.append(f"{name} (imported as {path.replace(':', '.')})")
                names[name] = right
        for name in content["builtins"]:
            if name in names and callable(names[name]):
                if names[name] is not getattr(builtins, name, None):
                    found.append(f"{name} (a built-in function)")
                    self._aside[name] = names.pop(name)
        for name in content["defined"]:
            if name in self._remembered:
                value, function = self._remembered[name]
                replaced = names.get(name, NONE) is not value
                names[name] = value
                if (function and function.restore()) or replaced:
                    found.append(f"{name} (defined by the assignment)")
        return found


class LimitedSession(Session):
    """Cuts a single message that is larger than all output the submission may write."""

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
    for name in request["imports"]:  # by locked cells: not from the student's folder
        try:
            importlib.import_module(name)
        except Exception:
            pass
    session = LimitedSession(key=request["key"].encode(), most=setup["limits"]["output"])
    names = ("shell_port", "iopub_port", "stdin_port", "control_port")
    ports = dict(zip(names, channels, strict=True))
    classes = {"kernel_class": GuardedKernel, "outstream_class": "kernel.QuickStream"}
    app = App.instance(session=session, transport="ipc", **ports, **classes)
    app.initialize(["--HistoryManager.enabled=False"])
    app.kernel.arm(setup["guarded"])
    if "" not in sys.path:
        sys.path.insert(0, "")
    app.start()
