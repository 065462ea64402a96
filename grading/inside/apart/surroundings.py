"""What a call finds around it and leaves behind: random states, modes, printed text."""

import builtins
import contextlib
import io
import os
import random
import sys
import warnings
from os import chdir, getcwd

import numpy
import torch

from .frames import MOST_TEXT
from .plain import DTYPES

MOST_THREADS = 64
MOST_FILTERS = 50
MOST_CALLS = 10_000  # within each other, on the tests' side
ACTIONS = ("default", "error", "ignore", "always", "all", "module", "once")
PIECE = 1 << 13  # characters of printed text that wait to be sent


class Randomness:
    """The random states of Python, NumPy and torch, sent when they have changed."""

    def __init__(self):
        self.seen: list = [None, None, None]

    def now(self) -> list[bytes]:
        version, numbers, spare = random.getstate()
        kind, keys, place, has, cached = numpy.random.get_state()  # noqa: NPY002
        words = numpy.array(numbers, numpy.uint32).tobytes()
        rest = numpy.array([numpy.nan if spare is None else spare, has, cached, place]).tobytes()
        return [
            words + rest[:8],
            keys.tobytes() + rest[8:],
            torch.get_rng_state().numpy().tobytes(),
        ]

    def changes(self, blobs: list[bytes]) -> list[int]:
        """Which of the three have changed; their states go to blobs."""
        now = self.now()
        changed = [n for n in range(3) if now[n] != self.seen[n]]
        blobs += [now[n] for n in changed]
        self.seen = now
        return changed

    def accept(self, changed: list[int], blobs: list[bytes]) -> None:
        for which, data in zip(changed, blobs, strict=True):
            if which == 0:
                numbers = numpy.frombuffer(data[:-8], numpy.uint32).tolist()
                spare = float(numpy.frombuffer(data[-8:])[0])
                random.setstate((3, tuple(numbers), None if spare != spare else spare))
            elif which == 1:
                has, cached, place = numpy.frombuffer(data[-24:])
                keys = numpy.frombuffer(data[:-24], numpy.uint32)
                if not 0 <= place <= len(keys) or len(keys) != 624:  # NumPy does not look
                    raise ValueError("a state that does not exist")
                numpy.random.set_state(  # noqa: NPY002
                    ("MT19937", keys, int(place), int(has), float(cached))
                )
            elif which == 2:
                torch.set_rng_state(torch.frombuffer(bytearray(data), dtype=torch.uint8))
        if changed:
            self.seen = self.now()


def modes() -> list:
    """What a call finds set in this process, and may change in it."""
    blanket = [[f[0], f[2].__name__] for f in warnings.filters if _is_blanket(f)]
    dtype = str(torch.get_default_dtype()).removeprefix("torch.")
    try:
        folder = getcwd()
    except OSError:  # it has been removed
        folder = ""
    of_python = [torch.get_num_threads(), folder, blanket, sys.getrecursionlimit()]
    cast = [torch.is_autocast_enabled("cpu"), str(torch.get_autocast_dtype("cpu"))[6:]]
    return [torch.is_grad_enabled(), dtype, *of_python, numpy.geterr(), cast]


def _below(kind: type) -> list[type]:
    return [one for below in kind.__subclasses__() for one in (below, *_below(below))]


def _is_blanket(f: tuple) -> bool:
    """Whether a filter of warnings is for a built-in class of them, of all modules."""
    plain = type(f) is tuple and type(f[2]) is type  # else an answer's, which may compute
    return plain and f[1] is None and f[3] is None and f[2].__module__ == "builtins"


def enter(given: list) -> None:
    """Set what the other side has set, or what a call there has left behind."""
    grad, dtype, threads, folder, blanket, depth, numbers, cast = given
    now = modes()
    torch.set_grad_enabled(bool(grad))
    if dtype != now[1]:
        torch.set_default_dtype(DTYPES[dtype])
    if threads != now[2] and 0 < threads <= MOST_THREADS:
        torch.set_num_threads(threads)
    if folder != now[3]:
        with contextlib.suppress(OSError):
            chdir(folder)
    if blanket != now[4]:
        _set_blanket(blanket[:MOST_FILTERS])
    if depth != now[5]:
        sys.setrecursionlimit(min(int(depth), MOST_CALLS))
    if numbers != now[6]:
        numpy.seterr(**numbers)
    if cast != now[7]:
        torch.set_autocast_enabled("cpu", bool(cast[0]))
        torch.set_autocast_dtype("cpu", DTYPES[cast[1]])
        torch.clear_autocast_cache()


def _set_blanket(blanket: list) -> None:
    """Make these the blanket filters, from the last to the first; what is more comes in front."""
    fresh = [(action, None, getattr(builtins, name), None, 0) for action, name in blanket]
    if any(f[0] not in ACTIONS or f[2] not in (Warning, *_below(Warning)) for f in fresh):
        raise ValueError("no filter of warnings")
    kept = []
    for f in reversed(warnings.filters):
        if not _is_blanket(f):
            kept.append(f)
        elif fresh:
            kept.append(fresh.pop())
    warnings.filters[:] = fresh + kept[::-1]
    warnings._filters_mutated()


class Shown:
    """What an answer shows, in its order, on its way to the tests' side: ["stream", {...}] ..."""

    def __init__(self, frames):
        self.frames, self.process = frames, os.getpid()
        self.text, self.name = [], "stdout"

    def write(self, name: str, text: str) -> None:
        if os.getpid() != self.process:  # a child, which has no channel
            os.write(2, text.encode(errors="replace"))
            return
        if name != self.name:
            self.flush()
            self.name = name
        self.text.append(text)
        if len(self.text) > PIECE or sum(map(len, self.text)) > PIECE:
            self.flush()

    def flush(self) -> None:
        text, self.text = "".join(self.text), []
        for start in range(0, len(text), PIECE):
            self._send("stream", name=self.name, text=text[start : start + PIECE])

    def say(self, kind: str, **content) -> None:
        self.flush()
        try:
            self._send(kind, **content)
        except ValueError:  # more than is taken at once, and more than anyone may show
            self.write("stderr", " " * MOST_TEXT)

    def _send(self, kind: str, **content) -> None:
        if os.getpid() == self.process:
            self.frames.send({"shown": [kind, content]}, [])

    def divert(self) -> None:
        """From now on what is printed goes here, and each warning that is to be shown."""
        self.streams = {name: _Stream(self, name) for name in ("stdout", "stderr")}
        vars(sys).update(self.streams)
        self.write_warning, warnings._showwarnmsg_impl = warnings._showwarnmsg_impl, self._warn

    def restore(self) -> None:
        """Put back a stream that an answer took away: IPython itself writes before a cell."""
        for name, stream in self.streams.items():
            if getattr(sys, name, None) is None:
                setattr(sys, name, stream)

    def _warn(self, warning: warnings.WarningMessage) -> None:
        if not isinstance(sys.stderr, _Stream):  # the answer collects it itself
            return self.write_warning(warning)
        kind, words = warning.category.__name__, str(warning.message)[:MOST_TEXT]
        shown = warnings._formatwarnmsg(warning)[:MOST_TEXT]
        self.say("warning", category=kind, words=words, line=warning.lineno, shown=shown)


class _Stream(io.TextIOBase):
    encoding, errors = "utf-8", "replace"

    def __init__(self, shown: Shown, name: str):
        self.shown, self.name = shown, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.shown.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        self.shown.flush()


def warned(category: str, words: str, line: int, shown: str) -> dict:
    """What is to be printed of a warning of the other side's: nothing where a test collects them."""
    collect = warnings._showwarnmsg_impl
    if type(getattr(collect, "__self__", None)) is list:  # its append, see catch_warnings
        known = getattr(builtins, str(category), None)
        known = known if known in (Warning, *_below(Warning)) else UserWarning
        collect(warnings.WarningMessage(known(str(words)), known, "<answer>", int(line)))
        shown = ""
    return {"name": "stderr", "text": str(shown)}


def show(kind: str, content: dict) -> None:
    """Print what was printed on the other side."""
    if kind == "stream":
        stream = sys.stderr if content["name"] == "stderr" else sys.stdout
        stream.write(str(content["text"]))
