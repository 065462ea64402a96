"""Faults of the channel, and of what an answer sends through it, cost one call."""

import collections  # noqa: F401  (in VALUES)
import json
import os
import socket
import struct
import sys
import threading

import numpy
import pytest

from checks import calls
from grading.inside.apart import peer
from grading.inside.apart.frames import ChannelError, Frames
from grading.inside.apart.library import Library
from grading.inside.apart.peer import Peer


def faulty(data: bytes | list[bytes], most: int = 1 << 20) -> Peer:
    """A peer whose other end sends these bytes, whatever it is asked, and then ends."""
    here, there = socket.socketpair()

    def send():
        Frames(there).receive()
        try:
            for piece in data if isinstance(data, list) else [data]:
                there.sendall(piece)
        except OSError:
            pass
        there.close()

    threading.Thread(target=send, daemon=True).start()
    return Peer("t", Frames(here, most), Library())


def frame(message, *blobs: bytes) -> bytes:
    text = json.dumps({**message, "sizes": list(map(len, blobs))}).encode()
    return struct.pack("!QQ", len(text), sum(map(len, blobs))) + text + b"".join(blobs)


MODES = [
    True,
    "float32",
    1,
    os.getcwd(),
    [],
    sys.getrecursionlimit(),
    numpy.geterr(),
    [False, "bfloat16"],
]


def reply(content, changes=(), *blobs: bytes, **more) -> bytes:
    message = {"number": 1, "unused": [], "held": 0, "random": [], "content": content}
    message |= {"modes": MODES, "yielded": []}
    return frame({**message, "changes": list(changes), **more}, *blobs)


def tensor(shape, stride, dtype="float32", size=4):
    state = [[dtype, shape, stride, 0], False, None]
    return reply(["ref", "a1"], [["a1", "Tensor", ["Tensor", None], state, 1]], b"\0" * size)


BAD = {
    "ended": b"",
    "cut off": reply(3)[:-2],
    "garbage": os.urandom(4096),
    "2 GB announced": struct.pack("!QQ", 2 << 30, 0) + b"x",
    "2 GB of bytes announced": struct.pack("!QQ", 10, 2 << 30) + b"x" * 10,
    "not JSON": struct.pack("!QQ", 4, 0) + b"{[[[",
    "a list": struct.pack("!QQ", 2, 0) + b"[]",
    "too deep": struct.pack("!QQ", 200_000, 0) + b"[" * 200_000,
    "wrong sizes": struct.pack("!QQ", 13, 5) + b'{"sizes":[1]}' + b"xxxxx",
    "negative sizes": struct.pack("!QQ", 14, 0) + b'{"sizes":[-1]}',
    "an unknown name": reply(["ref", "a7"]),
    "an unknown tag": reply(["pickle", "x"]),
    "a function of the system": reply(["lib", "os:system"]),
    "a module of the system": reply(["package", "os"]),
    "a dtype that is none": reply(["dtype", "load"]),
    "an array of objects": reply(["number", "|O8", 0], (), b"x" * 8),
    "a name of the tests": reply(0, [["t9", "List", None, [], 0]]),
    "an unknown kind": reply(0, [["a1", "Pickle", None, [], 0]]),
    "an object of a library's class": reply(
        0, [["a1", "Object", ["lib", "builtins:int"], None, 0]]
    ),
    "a class of a type": reply(0, [["a1", "Class", ["int", "builtins:int", [], None], None, 0]]),
    "a module of a type": reply(0, [["a1", "Module", ["lib", "builtins:int"], None, 0]]),
    "a shape past all memory": tensor([1 << 50], [1]),
    "a shape past its numbers": tensor([3], [1]),
    "a negative shape": tensor([-1], [1]),
    "too many shapes": tensor([1] * 3, [1]),
    "a state of torch": reply(0, (), b"x", random=[2]),
    "a request to set": reply(0, ask="set", modes=MODES, around=["tuple", []])[:-1],
}


@pytest.mark.parametrize("name", BAD)
def test_faults_cost_one_call(name):
    asker = faulty(BAD[name])
    with pytest.raises(ChannelError):
        asker.ask("name", "x")
    assert asker.frames.broken  # the kernel is to be replaced, not asked again


def test_a_child_of_an_answer_has_no_channel(answers):
    f = answers("import os\ndef f(n):\n    os.fork()\n    return n")
    assert [f(n) for n in range(5)] == list(range(5))


def test_an_exception_of_any_size_costs_its_call_only(answers):
    f = answers("def f(n):\n    if n: raise ValueError('x' * n)\n    return 7")
    with pytest.raises(ValueError, match="^xxx") as found:
        f(50_000_000)
    assert len(str(found.value)) <= 100_000 and f(0) == 7
    assert calls._at(found.value).startswith("line 2 of the cell: if n: raise")
    with pytest.raises(ValueError, match="Exceeds the limit") as found:
        answers("def f(): return 10**10_000")()
    assert calls._at(found.value) == ""  # no line of ours is taken for one of the answer's


def test_a_tensor_with_gaps_as_large_as_memory_comes_without_them():
    came = faulty(tensor([2, 1], [1 << 40, 1], size=8)).ask("name", "x")
    assert came.tolist() == [[0], [0]] and came.untyped_storage().nbytes() < 100


def test_a_flood_of_small_messages_ends(monkeypatch):
    monkeypatch.setattr(peer, "MOST_ASKED", 500)
    late = reply(0).replace(b'"number": 1', b'"number": 9')
    with pytest.raises(ChannelError, match="too many"):
        faulty(late * 1000).ask("name", "x")


def test_questions_that_no_test_answers():
    for ask, content in [
        ("name", ["tuple", ["x"]]),
        ("set", ["tuple", [1, "x", 2]]),
        ("serve", ["tuple", []]),
        ("get", ["tuple", [1, "real"]]),
        ("call", ["tuple", [["lib", "builtins:int"], ["tuple", ["1"]], ["tuple", []]]]),
        ("method", ["tuple", ["text", "upper", ["tuple", []], ["tuple", []]]]),
    ]:
        more = {"ask": ask, "number": 5, "modes": MODES, "around": ["tuple", []]}
        asked = reply(content, **more)
        here, there = socket.socketpair()
        asker = Peer("t", Frames(here), Library())
        there.sendall(asked + reply(7))
        assert asker.ask("name", "x") == 7
        far = Frames(there)
        far.receive()
        answer, _ = far.receive()
        assert answer["number"] == 5 and "not hand that over" in answer["error"]["text"]


def test_an_answer_too_large_and_one_that_ends_its_process(warm):
    answers = warm(most=1 << 20)
    try:
        f = answers("import os, torch\ndef f(n): return torch.zeros(n) if n else os._exit(3)")
        with pytest.raises(ValueError, match="too large"):
            f(1 << 20)
        assert f(2).tolist() == [0, 0]
        with pytest.raises(ChannelError, match="ended"):
            f(0)
    finally:
        answers.close()
