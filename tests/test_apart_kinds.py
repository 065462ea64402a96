"""Classes, exceptions, generators and coroutines of answers do in a test what they do in one process."""

import asyncio
import sys
import warnings
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from grading.inside.apart.surroundings import Shown


def several(answers, source, names):
    """What some names are after the source has run there."""
    answers(source, names.split()[0])
    return [answers.peer.fetch(name) for name in names.split()]


def test_an_exception_of_an_own_class_is_caught_by_it_and_asked_for_what_it_holds(answers):
    Small, Own, f = several(
        answers,
        "class Own(Exception): pass\n"
        "class Small(Own, ValueError):\n"
        "    def __init__(self, x):\n"
        "        super().__init__(f'{x} is too small')\n"
        "        self.x = x\n"
        "    def doubled(self): return 2 * self.x\n"
        "def f(x): raise Small(x)",
        "Small Own f",
    )
    for kind in (Small, Own, ValueError, Exception):
        with pytest.raises(kind, match="-1 is too small") as found:
            f(-1)
        error = found.value
        assert error.x == -1 and error.doubled() == -2 and error.args == ("-1 is too small",)
        assert isinstance(error, Small) and type(error).__name__ == "Small"
        assert error.answer_line == (7, "def f(x): raise Small(x)")
        assert "In the process of the answers" in error.__notes__[0]
    with pytest.raises(Small, match="7 is"):
        raise Small(7)
    with pytest.raises(ValueError) as found:
        try:
            f(1)
        except KeyError:
            pytest.fail("it is none")
    assert issubclass(Small, Own) and not issubclass(Own, Small)


def test_showing_an_exception_runs_nothing_of_the_answers(answers):
    f, said = several(
        answers,
        "said = []\n"
        "class E(ValueError):\n"
        "    def __str__(self): said.append('str'); return 'words'\n"
        "    def _render_traceback_(self): said.append('render'); return ['forged']\n"
        "    def __getattr__(self, name): said.append(name); return name\n"
        "def f(): raise E\n"
        "said_ = lambda: len(said)",
        "f said_",
    )
    with pytest.raises(ValueError) as found:
        f()
    before = said()
    assert not hasattr(found.value, "_render_traceback_")
    assert (str(found.value), repr(found.value)) == ("words", "E('words')") and said() == before


def test_causes_and_groups_of_exceptions_come_along(answers):
    f, g = several(
        answers,
        "def f(x):\n"
        "    try: int(x)\n"
        "    except ValueError as e: raise KeyError(x) from e\n"
        "def g(): raise ExceptionGroup('two', [ValueError('a'), ExceptionGroup('b', [OSError(3)])])",
        "f g",
    )
    with pytest.raises(KeyError) as found:
        f("x")
    assert type(found.value.__cause__) is ValueError and "'x'" in str(found.value.__cause__)
    with pytest.raises(ExceptionGroup) as found:
        g()
    first, second = found.value.exceptions
    assert found.value.message == "two" and first.args == ("a",)
    assert type(second.exceptions[0]) is OSError


def test_a_generator_is_sent_values_and_closed(answers):
    running, log = several(
        answers,
        "log = []\n"
        "def running():\n"
        "    total = 0\n"
        "    try:\n"
        "        while True:\n"
        "            try: total += yield total\n"
        "            except ValueError: total = 0\n"
        "    finally: log.append('closed')\n"
        "def said(): return log",
        "running said",
    )
    one = running()
    assert next(one) == 0 and one.send(2) == 2 and one.send(3) == 5
    assert one.throw(ValueError) == 0
    one.close()
    assert log() == ["closed"]


def test_a_coroutine_of_an_answer_is_awaited(answers):
    later = answers(
        "import asyncio\n"
        "async def later(x):\n"
        "    await asyncio.sleep(0)\n"
        "    if x < 0: raise ValueError(x)\n"
        "    return 2 * x",
        "later",
    )

    async def test():
        return await later(3), await later(4)

    assert asyncio.run(test()) == (6, 8)

    async def wrong():
        await later(-1)

    with pytest.raises(ValueError, match="-1"):
        asyncio.run(wrong())


def test_classes_are_gone_through_and_derived_from_each_other(answers):
    Colour, Box, Shape, Square, Bag = several(
        answers,
        "import abc, enum, typing\n"
        "class Colour(enum.Enum):\n"
        "    RED = 1\n"
        "    BLUE = 2\n"
        "class Box(typing.Generic[typing.TypeVar('T')]):\n"
        "    def __init__(self, v): self.v = v\n"
        "class Shape(abc.ABC):\n"
        "    @abc.abstractmethod\n"
        "    def area(self): ...\n"
        "class Square(Shape):\n"
        "    def area(self): return 1\n"
        "class Bag(dict):\n"
        "    pass",
        "Colour Box Shape Square Bag",
    )
    assert [one.name for one in Colour] == ["RED", "BLUE"] and len(Colour) == 2
    assert Colour["BLUE"] is Colour.BLUE and Colour.RED in Colour and Colour
    assert Box[int](4).v == 4
    assert isinstance(Square(), Shape) and issubclass(Square, Shape)
    assert not issubclass(Shape, Square) and not isinstance(Box(1), Shape)
    with pytest.raises(TypeError):
        Shape()
    with pytest.raises(TypeError):
        list(Square)
    bag = Bag()
    bag["a"] = 1
    del bag["a"]
    assert len(bag) == 0


def test_an_output_that_an_answer_took_away_is_there_for_the_next_cell(monkeypatch):
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, getattr(sys, name))  # put back at the end
    monkeypatch.setattr(warnings, "_showwarnmsg_impl", warnings._showwarnmsg_impl)
    sent = []
    shown = Shown(SimpleNamespace(send=lambda what, _: sent.append(what["shown"])))
    shown.divert()
    sys.stdout = None
    shown.restore()
    print("here", flush=True)
    assert sent == [["stream", {"name": "stdout", "text": "here\n"}]]


def test_autocast_reaches_a_net_of_the_tests(answers):
    f = answers("""
        import torch
        def f(net, x):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                first = net(x)
            return first, net(x)
    """, "f")  # fmt: skip

    class Net(nn.Module):  # whose forward runs here
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(3, 2)

        def forward(self, x):
            return self.fc(x)

    first, second = f(Net(), torch.ones(1, 3))
    assert (first.dtype, second.dtype) == (torch.bfloat16, torch.float32)
    assert not torch.is_autocast_enabled("cpu")
