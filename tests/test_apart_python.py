"""What Python's own ways to use an object find in one of the answers': numbers, exceptions, texts."""

import asyncio
import dataclasses
import inspect
import json
import math
import subprocess
import traceback

import pytest

NUMBER = """
class Money:
    "Some money."
    def __init__(self, n): self.n = n
    def __int__(self): return int(self.n)
    def __float__(self): return float(self.n)
    def __index__(self): return int(self.n)
    def __complex__(self): return complex(self.n)
    def __round__(self, digits=None): return round(self.n, digits)
    def __floor__(self): return math.floor(self.n)
    def __bytes__(self): return b"m"
import math
"""


def test_an_object_is_a_number_where_it_says_so(answers):
    Money = answers(NUMBER, "Money")
    assert Money.__doc__ == "Some money."
    assert int(Money(3)) == 3 and float(Money(3)) == 3.0 and complex(Money(2)) == 2
    assert "abcd"[Money(3)] == "d" and list(range(Money(2))) == [0, 1] and bytes(Money(1)) == b"m"
    assert round(Money(2.345), 1) == 2.3 and round(Money(2.6)) == 3
    assert math.floor(Money(2.5)) == 2 and math.isclose(Money(2), 2.0)
    assert Money(3) != 3 and Money(3.0) != 3.0  # it is no number for all that


def test_what_is_gone_through_and_entered_asynchronously(answers):
    source = """
    async def ticks(n):
        for i in range(n):
            yield i
    class Door:
        async def __aenter__(self): self.open = True; return self
        async def __aexit__(self, kind, error, trace): self.open = False; return kind is KeyError
    """
    ticks, Door = answers(source, "ticks"), answers("", "Door")

    async def test():
        async with Door() as door:
            assert door.open
            raise KeyError
        return [i async for i in ticks(3)], door.open

    assert asyncio.run(test()) == ([0, 1, 2], False)


RAISES = {
    "import json\ndef f(): json.loads('{')": json.JSONDecodeError,
    "def f(): b'a\\xff'.decode('ascii')": UnicodeDecodeError,
    "def f(): {}[('a', None)]": KeyError,
    "import subprocess\ndef f(): raise subprocess.CalledProcessError(3, 'ls')": subprocess.SubprocessError,
    "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int\n"
    "def f(): P(1).x = 2": dataclasses.FrozenInstanceError,
}  # fmt: skip


@pytest.mark.parametrize("source", RAISES)
def test_an_exception_of_pythons_is_what_it_was(source, answers):
    with pytest.raises(RAISES[source]) as found:
        answers(source)()
    space = {"__name__": "here"}
    exec(source, space)
    with pytest.raises(RAISES[source]) as alone:
        space["f"]()
    assert str(found.value) == str(alone.value)
    assert RAISES[source] is not KeyError or found.value.args == (("a", None),)


def test_an_exception_is_a_value(answers):
    source = """
    def give(): return ValueError("a", 2)
    def name(e): return type(e).__name__, str(e), isinstance(e, LookupError)
    def steps():
        while True:
            try: yield "ok"
            except ValueError as e: yield e.args
    """
    give, name, steps = (
        answers(source if n == "give" else "", n) for n in ("give", "name", "steps")
    )
    assert isinstance(give(), ValueError) and give().args == ("a", 2)
    assert name(KeyError("k")) == ("KeyError", "'k'", True)
    going = steps()
    next(going)
    assert going.throw(ValueError("x")) == ("x",)


def test_the_text_of_a_function_is_not_that_of_what_stands_for_it(answers):
    f = answers("def f(xs):\n    if not xs: raise ValueError\n    return sum(xs)")
    for _ in range(2):
        with pytest.raises(OSError, match="source|lineno"):
            inspect.getsource(f)
        try:
            f([])
        except ValueError as error:  # what shows it may read files
            traceback.format_exception(error)
