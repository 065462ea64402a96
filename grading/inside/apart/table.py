"""What both processes hold in common, and how it is kept the same on both sides.

Plain values are written out. Everything that can be changed, or that cannot be written out, has a
name, ["ref", name], and a kind (see `values`, `modules`, `proxies`) that says how it is made on
the other side and what its state is. With each message go the states that have changed since the
last: whoever is at work sees what the other has done, in place, to the same object.
"""

import contextlib
import json
import sys
from collections import Counter
from types import ModuleType

import numpy
import torch

from .frames import ChannelError
from .library import CONTAINERS, Library, name_of
from .plain import READ, WRITE, as_plain, inside, is_number, kind_of_plain, members, write_tuple

MOST_KNOWN = 200_000
DEEPEST = 60
PLAIN = (type(None), bool, int, float, str)
_key = json.dumps  # of how a class of plain data was sent


class Table:
    """The objects in common, by name.

    own: names of what the other side can only ask for; kept until it no longer does.
    closed: what comes from the other side is not trusted: only the closed list of classes.
    """

    def __init__(self, side: str, closed: bool, library: Library, kinds: list):
        self.side, self.closed, self.library, self.kinds = side, closed, library, kinds
        self.known: dict[str, object] = {}
        self.names: dict[int, str] = {}
        self.alias: dict[int, str] = {}  # of tensors in the middle of a graph, as arguments
        self.kind_of: dict[str, object] = {}
        self.seen: dict[str, tuple] = {}  # name -> its state as both sides have it
        self.sent: set[str] = set()
        self.own: set[str] = set()
        self.count = 0
        self.mine: dict[str, type] = {}  # classes of plain data that were sent, by how
        self.mode = ""  # what is being written: a "request", a "reply", or nothing
        self.blobs: list[bytes] = []  # of what is being written or read

    @contextlib.contextmanager
    def using(self, blobs: list[bytes]):
        """Meanwhile these are the byte strings of what is written or read."""
        before, self.blobs = self.blobs, blobs
        try:
            yield blobs
        finally:
            self.blobs = before

    # --- names ---

    def add(self, name: str, value, kind) -> None:
        if len(self.known) > MOST_KNOWN:
            raise ChannelError("too many objects")
        names = self.alias if self.mode == "request" and inside(value) else self.names
        self.known[name], names[id(value)], self.kind_of[name] = value, name, kind

    def new_name(self) -> str:
        self.count += 1
        return f"{self.side}{self.count}"

    def keep(self, value, kind) -> str:
        """A new name for an object that the other side can only ask for."""
        name = self.new_name()
        self.add(name, value, kind)
        self.own.add(name)
        return name

    def forget(self, name: str) -> None:
        value = self.known.pop(name, None)
        for names in (self.names, self.alias):
            if names.get(id(value)) == name:
                del names[id(value)]
        self.own.discard(name)
        self.sent.discard(name)
        self.kind_of.pop(name, None)
        self.seen.pop(name, None)

    def unused(self) -> list[str]:
        """Forget what nobody here holds any more, unless the other side is to hear of a change."""
        probe, found = {"": object()}, []
        alone = sys.getrefcount(probe[""])
        while True:
            times = Counter(map(id, self.known.values()))
            free = [
                name
                for name in [*self.known]
                if name not in self.own
                and sys.getrefcount(self.known[name]) < alone + times[id(self.known[name])]
                and not self.differs(name)
            ]
            for name in free:
                self.forget(name)
            found += free
            if not free:
                return found

    # --- writing ---

    def write(self, value, depth: int = 0):
        """A value as JSON; what has a name is registered. Raises TypeError, ValueError."""
        if depth > DEEPEST:
            raise ValueError("nested too deeply to be handed over")
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is tuple:
            return ["tuple", [self.write(one, depth + 1) for one in value]]
        if kind is frozenset:
            return ["frozenset", [self.write(one, depth + 1) for one in value]]
        if kind in WRITE:
            return WRITE[kind](self, value)
        if sent := write_tuple(self, value, depth):
            return sent
        if found := members(kind):
            sent = [kind.__base__.__name__, kind.__name__, found]
            self.mine[_key(sent)] = kind
            return ["member", *sent, as_plain(value)]
        if isinstance(value, type) and (written := kind_of_plain(value)):
            self.mine[_key(written[1:])] = value
            return written
        if kind is ModuleType and self.library.is_package(value.__name__):
            return ["package", value.__name__]
        if isinstance(value, numpy.generic) and is_number(value):
            return ["number", value.dtype.str, self.blob(value.tobytes())]
        if self.closed and vars(kind).get("travels"):  # of the tests' own, by value
            return ["made", name_of(kind), self.write_named(vars(value))]
        if id(value) not in self.names and (name := self.library.name(value, self.closed)):
            return ["lib", name]  # to the tests, of the closed list only
        return ["ref", self.register(value)]

    def write_named(self, values: dict) -> list:
        """A dictionary whose keys are plain: [key, value] for each."""
        kind = type(values) if type(values) in CONTAINERS else dict  # an answer's could compute
        return [[name, self.write(value)] for name, value in kind.items(values)]

    def blob(self, data: bytes) -> int:
        self.blobs.append(data)
        return len(self.blobs) - 1

    def register(self, value) -> str:
        """The name of an object, a new one where it has none."""
        for kind in self.kinds:
            if kind.fits(self, value):
                break
        if name := kind.name(self, value):
            return name
        name = self.new_name()
        self.add(name, value, kind)
        if kind.stays(self, value):
            self.own.add(name)
        return name

    def state(self, name: str) -> tuple[object, list[bytes]]:
        with self.using([]) as data:
            return self.kind_of[name].state(self, self.known[name]), data

    def differs(self, name: str) -> bool:
        """Whether an object has been changed in place since both sides had its state."""
        try:
            tree, data = self.state(name)
            return name in self.sent and self.seen.get(name) != (json.dumps(tree), data)
        except (TypeError, ValueError, RecursionError):
            return False

    def changes(self, blobs: list[bytes]) -> list:
        """The states that the other side does not have: [name, kind, how to make it, state]."""
        found, done = [], set()
        try:
            while left := [name for name in self.known if name not in done]:
                for name in left:
                    done.add(name)
                    if (change := self.change(name)) is not None:
                        *start, data = change
                        found.append([*start, len(data)])
                        blobs += data
        except BaseException:
            self.undo(found)
            raise
        return found

    def change(self, name: str) -> tuple | None:
        """One object's change, and its byte strings; None where there is none."""
        kind = self.kind_of[name]
        try:
            tree, data = self.state(name)
            now = json.dumps(tree), data
        except (TypeError, ValueError, RecursionError):
            if name not in self.sent:
                raise
            return None  # it has become what cannot be handed over
        if name in self.sent and self.seen.get(name) == now:
            return None
        made = None
        if name not in self.sent:
            with self.using(data):
                made = kind.made(self, self.known[name])
        self.sent.add(name)
        self.seen[name] = now
        return name, type(kind).__name__, made, tree, data

    def undo(self, changes: list) -> None:
        """The message with these changes was not sent."""
        for name, _, made, *_ in changes:
            self.seen.pop(name, None)
            if made is not None or name in self.own:
                self.sent.discard(name)
        for name in [name for name in self.known if name not in self.sent]:
            self.forget(name)

    # --- reading ---

    def read(self, tree, blobs: list[bytes]):
        """The value of what `write` has made. Raises ChannelError."""
        try:
            with self.using(blobs):
                return self.value(tree)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError) as e:
            raise ChannelError(f"what came is no value ({type(e).__name__}: {e})") from None

    def value(self, tree):
        if type(tree) is not list:
            return tree
        tag, *rest = tree
        if tag == "ref":
            return self.known[rest[0]]
        return READ[tag](self, *rest)

    def kind(self, make, *sent) -> type:
        """A class of plain data: the answers' own, of what comes back to them."""
        own = None if self.closed else self.mine.get(_key(sent))
        return own or make(*sent)

    def named(self, tree: list) -> dict:
        """What `write_named` has written."""
        return {name: self.value(value) for name, value in tree}

    def accept(self, changes: list, blobs: list[bytes]) -> None:
        """Make what is new, then give everything its state."""
        ready, at = [], 0
        for name, kind, made, tree, count in changes:
            if type(name) is not str or type(count) is not int or count < 0:
                raise ChannelError("a change without a name")
            ready.append((name, kind, made, tree, blobs[at : at + count]))
            at += count
        kinds = {type(kind).__name__: kind for kind in self.kinds}
        for one in ready:  # what gets its size now is part of graphs that come
            if torch.nn.parameter.is_lazy(self.known.get(one[0])):
                self.fill(one)
        waiting = [one for one in ready if one[0] not in self.known]
        while waiting:  # a class comes before its objects
            left = []
            for one in waiting:
                name, kind, made, tree, data = one
                if name in self.known or not name.startswith(OTHER[self.side]):
                    raise ChannelError("a name that is taken")
                try:
                    with self.using(data):
                        value = kinds[kind].make(self, name, made, tree)
                except KeyError as error:
                    if error.args != ("later",):
                        raise
                    left.append(one)
                    continue
                self.add(name, value, kinds[kind])
                self.sent.add(name)
            if len(left) == len(waiting):
                raise ChannelError("what came refers to what did not come")
            waiting = left
        for one in sorted(ready, key=lambda one: self.kind_of[one[0]].last):
            self.fill(one)
        for name, *_ in ready:
            tree, data = self.state(name)
            self.seen[name] = json.dumps(tree), data

    def fill(self, change: tuple) -> None:
        """Give an object the state that has come for it."""
        name, _, _, tree, data = change
        with self.using(data):
            self.kind_of[name].fill(self, self.known[name], tree)

    def later(self, tree):
        """The object of a reference, which may come later in the same message."""
        if type(tree) is list and tree[0] == "ref" and tree[1] not in self.known:
            raise KeyError("later")
        return self.value(tree)


OTHER = {"t": "a", "a": "t"}
