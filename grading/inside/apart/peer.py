"""One end of the channel: asks, answers, and is asked meanwhile."""

import contextlib
import signal
from types import CodeType, CoroutineType, FrameType, GeneratorType, ModuleType, TracebackType

import torch
from torch.utils._python_dispatch import _disable_current_modes

from . import errors, surroundings
from .arrays import Array, Buffer
from .asked import ASKED
from .bound import MISSING, Taken, pairs
from .frames import ChannelError, Frames, interrupts
from .gradients import Gradients, Graph, Lent, _Kept, across
from .library import Library
from .modules import Module, Optimiser
from .proxies import CLASS, SPECIAL, Function, Object, RemoteClass
from .steps import Awaitable, Iterator
from .table import OTHER, Table
from .values import Collection, Generator, Mapping, Namespace, Tensor

# the first that fits an object is its kind
KINDS = [Graph(), Lent(), Tensor(), Array(), Buffer(), Collection(), Mapping(), Namespace()]
KINDS += [Generator(), Module(), Optimiser(), CLASS, Function(), Iterator(), Awaitable(), Object()]
MOST_ASKED = 100_000  # requests of the other side within one of ours
INSPECTED = (FrameType, CodeType, TracebackType, GeneratorType, CoroutineType, ModuleType)


class Peer:
    """A side of the channel: "t", the tests', which trusts nothing that comes, or "a".

    names: what the tests' side may ask for by name.
    """

    def __init__(self, side: str, frames: Frames, library: Library, names: dict | None = None):
        self.frames, self.names = frames, names
        self.shown = surroundings.Shown(frames)  # of an answer
        self.show = surroundings.show  # on the tests' side: what an answer shows
        self.run = None  # the answers' side's way to run a cell
        self.taken = Taken()
        self.rebind = None  # the tests' side's way to have a name anew that it has taken
        self.table = Table(side, side == "t", library, KINDS)
        self.table.ask = self.ask
        self.table.gradients = Gradients(self.table, self.ask)
        self.random = surroundings.Randomness()
        self.count = 0
        self.around: list = []  # what the other side runs calls in: (function, arguments, list)
        if side == "a":  # so that hooks of both sides have different numbers
            torch.utils.hooks.RemovableHandle.next_id += 1_000_000

    # --- asking ---

    def ask(self, what: str, *content):
        """Have the other side do something; its result, or the exception that it raised."""
        self.count += 1
        number = self.count
        with interrupts(signal.SIG_BLOCK):
            try:
                self._send("request", {"ask": what, "number": number}, content)
                return self._wait(number)
            except ChannelError as error:  # the two sides may hold different objects from now on
                self.frames.broken = self.frames.broken or str(error)
                raise

    def call(self, function, *given):
        """function(*given); a module of the other side's there, though both may have its class."""
        name = self.table.names.get(id(function), "")
        if isinstance(function, torch.nn.Module) and name.startswith(OTHER[self.table.side]):
            return across(lambda *given: self.ask("call", function, given, ()), given, function)
        return function(*given)

    @contextlib.contextmanager
    def there(self, context, *arguments):
        """What is asked meanwhile runs in context(*arguments) on the other side, found by name.

        Yields a list: what a list that the context yields there holds after the last call.
        """
        given = (context, arguments, [])
        self.around.append(given)
        try:
            yield given[2]
        finally:
            self.around.remove(given)

    def _wait(self, number: int):
        interrupt = None
        for _ in range(MOST_ASKED):
            try:
                message, blobs = self._receive()
            except KeyboardInterrupt as error:  # the other side is interrupted too, and says so
                interrupt = error
                continue
            with _quiet():
                content = self._take(message, blobs)
            if "ask" in message:
                self._answer(message, content)
            elif message.get("number") == number:  # another is late, its asker has given up
                self._left(message)
                if self.rebind and "bound" in message:
                    with _quiet():
                        bound = self.table.read(message["bound"], blobs[: message["held"]])
                    self.rebind(pairs(bound))
                if interrupt:
                    raise interrupt
                if "error" in message:
                    raise errors.rebuilt(message["error"], self.table, content)
                return content
        raise ChannelError("too many questions in place of an answer")

    def _receive(self) -> tuple[dict, list[bytes]]:
        """The next message that is not shown at once."""
        while True:
            message, blobs = self.frames.receive()
            if "shown" not in message:
                return message, blobs
            try:
                kind, content = message["shown"]
                if kind == "warning":
                    kind, content = "stream", surroundings.warned(**content)
                self.show(kind, dict(content))
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                why = f"nothing that can be shown ({type(error).__name__})"
                raise ChannelError(why) from None

    # --- messages ---

    def _send(self, mode: str, message: dict, content, bound: tuple = ()) -> None:
        with _quiet():
            table, blobs = self.table, []
            table.mode = mode
            try:
                message["unused"] = table.unused()
                table.blobs = held = []
                message["content"] = table.write(content)
                if bound:
                    message["bound"] = table.write(bound)
                message["held"] = len(held)
                if mode == "request":
                    message["modes"] = surroundings.modes()
                    around = tuple((context, given) for context, given, _ in self.around)
                    message["around"] = table.write(around)
                message["changes"] = table.changes(blobs)
            except BaseException:
                table.undo([])
                raise
            finally:
                table.mode, table.blobs = "", []
            fresh: list[bytes] = []
            message["random"] = self.random.changes(fresh)
        try:
            self.frames.send(message, held + fresh + blobs)
        except ValueError:
            table.undo(message["changes"])
            self.random.seen = [None, None, None]
            raise

    def _take(self, message: dict, blobs: list[bytes]):
        """Bring the objects up to date; the message's content."""
        try:
            for name in message["unused"]:
                self.table.forget(name)
            held, states = message["held"], len(message["random"])
            self.random.accept(message["random"], blobs[held : held + states])
            self.table.accept(message["changes"], blobs[held + states :])
            return self.table.read(message["content"], blobs[:held])
        except ChannelError:
            raise
        except (
            LookupError,
            TypeError,
            ValueError,
            AttributeError,
            RuntimeError,
            MemoryError,
        ) as error:
            why = f"what came cannot be used ({type(error).__name__}: {error})"
            raise ChannelError(why) from error

    # --- being asked ---

    def _answer(self, message: dict, content) -> None:
        yielded, reply = [], {"number": message["number"]}
        try:
            surroundings.enter(message["modes"])
            with interrupts(signal.SIG_UNBLOCK), contextlib.ExitStack() as stack:
                for context, given in self._around(message):
                    yielded.append(stack.enter_context(context(*given)))
                result = self._do(message["ask"], *content)
            self.shown.flush()
            self._reply(reply | self._leave(yielded), result)
        except ChannelError:
            raise
        except BaseException as error:
            reply["error"] = errors.describe(error, self.table)
            self.shown.flush()
            reply |= self._leave(yielded)
            try:
                self._reply(reply, errors.itself(error, self.table))
            except (TypeError, ValueError):  # its class cannot be handed over
                self._reply(reply, None)
            if not isinstance(error, Exception) and self.table.closed:
                raise

    def _reply(self, message: dict, result) -> None:
        if bound := self.taken.anew(self.names):
            try:
                return self._send("reply", message, result, bound)
            except (TypeError, ValueError):  # the result, or one of these
                message.pop("bound", None)
        self._send("reply", message, result)

    def _around(self, message: dict) -> tuple:
        return () if self.table.closed else self.table.value(message["around"])

    def _leave(self, yielded: list) -> dict:
        """How a call leaves the modes, and what the contexts around it have counted."""
        counts = [one if type(one) is list else [] for one in yielded]
        return {"modes": surroundings.modes(), "yielded": counts}

    def _left(self, message: dict) -> None:
        try:
            surroundings.enter(message["modes"])
        except (KeyError, TypeError, ValueError, AssertionError, RuntimeError) as error:
            raise ChannelError(f"modes that do not exist ({type(error).__name__})") from None
        for (_, _, found), sent in zip(self.around, message.get("yielded", ()), strict=False):
            found[:] = [one for one in sent if type(one) is int]

    def _do(self, what: str, *content):
        if self.table.closed:
            self._permit(what, *content)
        return (ASKED.get(what) or getattr(self, f"_do_{what}"))(*content)

    def _permit(self, what: str, target=None, *rest) -> None:
        """Tests lend out calls of what they hand over, not what it is made of or remembers."""
        name = self.table.names.get(id(target))
        own = name in self.table.own and not isinstance(target, type)  # nor others of its kind
        if what in ("call", "next", "copy", "shallow", "back") and own:
            return
        if what == "method" and own and rest[0] in _methods(self.table, type(target)):
            return
        kept = own and isinstance(self.table.kind_of.get(name), Object)
        if what == "get" and kept and type(rest[0]) is str and not rest[0].startswith("_"):
            if not self.table.library.is_private(type(target)):
                value = getattr(target, rest[0])
                if not isinstance(target, INSPECTED) and not isinstance(value, INSPECTED):
                    return
        raise AttributeError("the tests do not hand that over")

    def _do_back(self, kept, gradient, again):
        if not isinstance(kept, _Kept) or not isinstance(gradient, torch.Tensor):
            raise TypeError("no result whose gradient could be asked for")
        return self.table.gradients.back(kept, gradient, bool(again))

    def _do_run(self, *cell):
        self.taken.last.clear()
        return self.run(*cell)

    def _do_name(self, name):
        return self.taken.take(name, self.names)

    # --- the two sides' work ---

    def fetch(self, name: str):
        """The value that the answers have under a name, or MISSING."""
        there, value = self.ask("name", name)
        return value if there is True else MISSING

    def serve(self) -> None:
        """Do what the other side asks until it ends the channel, or says that it has done."""
        with interrupts(signal.SIG_BLOCK):
            while True:
                try:
                    message, blobs = self.frames.receive()
                except KeyboardInterrupt:
                    continue
                if message.get("end"):
                    return
                with _quiet():
                    content = self._take(message, blobs)
                if "ask" in message:
                    self._answer(message, content)

    def end(self) -> None:
        """Let the other side stop serving."""
        self.frames.send({"end": True}, [])


def _methods(table, kind: type) -> list:
    """The methods of a class that tests lend out: of their own classes, what a call is, no more."""
    found = [] if isinstance(kind, RemoteClass) else CLASS.made(table, kind)[2]
    mine = table.library.is_private(kind)
    return [n for n in found if n in SPECIAL or n == "forward" or not (mine or n.startswith("_"))]


@contextlib.contextmanager
def _quiet():
    """Without the modes that watch torch, which are for answers and not for what carries them."""
    with _disable_current_modes(), torch._C.DisableTorchFunction():
        yield
