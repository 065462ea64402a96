"""Operators and comparisons of an answer's objects.

Between two of them they are asked for where the objects are. To anything else an object is not
shown; where it has the operator of one of Python's own classes of plain data, whose heir it is,
its data are brought here and compared or computed with.
"""

import operator

BINARY = "add sub mul matmul truediv floordiv mod pow and or xor lshift rshift".split()
COMPARED = [f"__{name}__" for name in ("eq", "ne", "lt", "le", "gt", "ge")]
PLAIN = COMPARED + [f"__{kind}{name}__" for kind in ("", "r") for name in BINARY]
BETWEEN = PLAIN + [f"__i{name}__" for name in BINARY]
NUMBERS = ("__int__", "__float__", "__complex__", "__index__", "__round__")
OF_DATA = (*NUMBERS, "__hash__")
ALONE = ("__neg__", "__pos__", "__abs__", "__invert__", "__bool__", "__bytes__", "__format__")
ALONE += (*OF_DATA, "__trunc__", "__floor__", "__ceil__")
ALL = slice(None)
DATA = {
    dict: lambda v: dict(dict.items(v)),
    list: lambda v: list.__getitem__(v, ALL),
    tuple: lambda v: tuple.__getitem__(v, ALL),
    set: lambda v: {*set.__iter__(v)},
    frozenset: lambda v: frozenset({*frozenset.__iter__(v)}),
    str: str.__str__,
    bytes: lambda v: bytes.__getitem__(v, ALL),
    bytearray: lambda v: bytes(memoryview(v)),
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
}


def heir_of(kind: type) -> type | None:
    return next((one for one in kind.__mro__ if one in DATA), None)


def data(target):
    """The plain data of an object whose class is derived from one of these."""
    return DATA[heir_of(type(target))](target)


def inherited(kind: type, found: dict) -> list[str]:
    """Which of its operators a class has from one of plain data, as they are there.

    Of comparisons, all or none.
    """
    own = vars(of) if (of := heir_of(kind)) else {}
    same = [n for n in (*PLAIN, *OF_DATA) if own.get(n) and found.get(n) is own[n]]
    return same if {*COMPARED} <= {*same} else [n for n in same if n not in COMPARED]


def between(name: str, one, other):
    """An operator or a comparison of two objects."""
    if not hasattr(operator, name):  # __radd__ and the like
        one, other, name = other, one, name.replace("__r", "__", 1)
    return getattr(operator, name)(one, other)


def method(ask, name: str, plain: bool):
    """What stands for an operator on the tests' side; plain: it is that of the object's data."""

    def compared(self, other):
        if "_above" in vars(type(other)):
            return ask("between", name, self, other)
        return between(name, ask("data", self), other) if plain else NotImplemented

    def asked(self, *given):
        return getattr(ask("data", self), name)(*given)

    return compared if name in BETWEEN else asked
