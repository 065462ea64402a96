"""Kinds of objects that stay where they are: functions, classes, other objects (see also `steps`).

What the other side gets can be called, iterated and so on; each use is a request (see `peer`).
What an object of the other side says of itself is never equal to a value of this side (see
`operators`).
"""

from contextlib import suppress
from functools import partial
from types import BuiltinFunctionType, BuiltinMethodType, FunctionType, MethodType

from torch import nn

from . import operators
from .gradients import across
from .signatures import read_signature, signature
from .table import PLAIN
from .values import Kind

FUNCTIONS = (FunctionType, BuiltinFunctionType, BuiltinMethodType, MethodType, partial)
SPECIAL = ("__call__", "__iter__", "__next__", "__len__", "__getitem__", "__setitem__")
SPECIAL += ("__contains__", "__delitem__", "__enter__", "__exit__", "__reversed__")
OWN = ("forward", "train")
SHOWN = ("__repr__", "__str__")
AWAITED = ("__aiter__", "__anext__", "__aenter__", "__aexit__")
OF_ANSWERS = (*SPECIAL, *AWAITED, *SHOWN, *operators.ALONE, *operators.BETWEEN)


class Function(Kind):
    away = True

    def fits(self, table, value):
        return isinstance(value, FUNCTIONS)

    def made(self, table, value):
        name = getattr(value, "__name__", type(value).__name__)
        return [str(name)[:200], signature(table, value), _said(table, value)]

    def state(self, table, value):
        """What it has been given: plain values. Of a test's own function, nothing."""
        given = {} if _is_tests(table, value) else getattr(value, "__dict__", {})
        return [[n, v] for n, v in given.items() if type(v) in PLAIN and not n.startswith("__")]

    def fill(self, table, value, tree):
        for name, one in () if _is_tests(table, value) else tree:
            if type(name) is str and not name.startswith("__") and type(one) in PLAIN:
                with suppress(AttributeError):  # a method has none of its own
                    setattr(value, name, one)

    def make(self, table, name, made, tree):
        ask = table.ask

        def proxy(*args, **kwargs):
            def call(*args):
                itself = table.known[name]  # held by its name, not by itself
                return ask("call", itself, args, tuple(kwargs.items()))

            return across(call, args)

        # neither a file nor a loader: `inspect` would show this text for the answer's
        code = proxy.__code__.replace(co_filename=f"{__file__}/an answer")
        proxy = FunctionType(code, {"across": across}, closure=proxy.__closure__)
        proxy.__name__ = proxy.__qualname__ = str(made[0])
        proxy.__module__ = "__main__"
        proxy.__doc__ = made[2] and str(made[2])
        if (found := read_signature(table, made[1])) is not None:
            proxy.__signature__ = found
        return proxy


def _said(table, value) -> str | None:
    """What it says of itself, unless it is a test's."""
    said = None if table.closed else getattr(value, "__doc__", None)
    return said[:10_000] if type(said) is str else None


def _is_tests(table, value) -> bool:
    return table.closed and table.names.get(id(value)) in table.own


class Class(Kind):
    """A class that only the other side has; calling it makes an object there."""

    away = True

    def fits(self, table, value):
        return isinstance(value, type)

    def made(self, table, value):
        own, base = [], None
        shared = nn.Module if table.closed else (nn.Module, Exception)
        for one in value.__mro__[:-1]:
            if issubclass(one, shared) and table.library.holds(one):
                base = table.library.name(one, False)
                break
            own.append(one)
        mine = [] if table.closed else [one for one in own[1:] if one.__module__ == "__main__"]
        above = [["ref", class_name(table, one)] for one in mine]
        if issubclass(value, Exception) and not table.closed:
            base = [_parent(table, one) for one in value.__bases__ if issubclass(one, Exception)]
        found = {n: v for one in reversed(own) for n, v in vars(one).items()}
        named = [n for n, v in found.items() if isinstance(v, FunctionType)]
        special = SPECIAL if table.closed else OF_ANSWERS
        methods = [n for n in named if n in special or not n.startswith("__")]
        if type(base) is str:  # of what every module has, what it does and its mode only
            methods = [n for n in methods if n in OWN or not hasattr(nn.Module, n)]
        elif base is None:  # what it has of a built-in class, a tuple's say
            methods += [n for n in special if found.get(n) is not None and n not in methods]
        plain = [] if base is not None or table.closed else operators.inherited(value, found)
        if operators.heir_of(value):  # is a number by its data or not at all
            methods = [n for n in methods if n not in operators.NUMBERS]
        places = [one for one in found.get("__match_args__", ()) if type(one) is str]
        said = _said(table, value)
        sent = signature(table, value)
        return [value.__name__[:200], base, methods, sent, above, plain, places, said]

    def make(self, table, name, made, tree):
        title, base, methods, sent, above, plain, places, said = made
        space = {n: _method(table.ask, n) for n in methods if _is_name(n)}
        for n in {*methods} & {*operators.BETWEEN} | {*plain} & {*operators.OF_DATA}:
            space[n] = operators.method(table.ask, n, n in plain)
        if type(base) is list:  # an exception
            bases = _parents(table, base)
            space = {n: one for n, one in space.items() if n[0] != "_" or n in SPECIAL}
        else:
            bases = (Object_,) if base is None else (table.library.find(base, not table.closed),)
        if type(base) is str and not issubclass(bases[0], nn.Module):
            raise ValueError("a class of another kind")
        space |= {"__module__": "__main__", "_ask": staticmethod(table.ask)}
        space |= {"__doc__": said and str(said)}
        space |= {"_above": tuple(table.later(one) for one in above)}
        space.setdefault("__hash__", object.__hash__)  # one that compares as well
        space["__deepcopy__"] = lambda self, memo: table.ask("copy", self)
        space["__copy__"] = lambda self: table.ask("shallow", self)
        space["__match_args__"] = tuple(map(str, places))
        if (found := read_signature(table, sent)) is not None:
            space["__signature__"] = found
        made = RemoteClass(str(title), bases, space)
        type.__setattr__(made, "_ask_class", table.ask)
        return made


def _parent(table, kind: type):
    """An exception's class above: a name that both sides have, or one of this side's."""
    return table.library.name(kind, False) or ["ref", class_name(table, kind)]


def _parents(table, sent: list) -> tuple:
    found = [
        table.library.find(one, False) if type(one) is str else table.later(one) for one in sent
    ]
    if not all(isinstance(one, type) and issubclass(one, Exception) for one in found):
        raise ValueError("a class of another kind")
    return tuple(found) if any(issubclass(one, Error) for one in found) else (Error, *found)


CLASS = Class()


def _is_name(name) -> bool:
    return type(name) is str and (name in OF_ANSWERS or not name.startswith("__"))


def _method(ask, name: str):
    def method(self, *args, **kwargs):
        if name in ("__exit__", "__aexit__"):
            args = (*args[:2], None)  # no traceback: it leads into the test

        def call(*args):
            return ask("method", self, name, args, tuple(kwargs.items()))

        return across(call, args, self)

    def shown(self):
        try:
            text = method(self)
        except Exception:
            text = None
        return text if type(text) is str else object.__repr__(self)

    if name in SHOWN:
        return shown

    method.__name__ = name
    return method


class RemoteClass(type):
    """The type of classes that stand for classes of the other side."""

    def __call__(cls, *args, **kwargs):
        return type.__getattribute__(cls, "_ask_class")("call", cls, args, tuple(kwargs.items()))

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type.__getattribute__(cls, "_ask_class")("get", cls, name)

    def __instancecheck__(cls, one):
        return type.__instancecheck__(cls, one) or cls in vars(type(one)).get("_above", ())

    def __subclasscheck__(cls, kind):
        return type.__subclasscheck__(cls, kind) or cls in vars(kind).get("_above", ())

    def __bool__(cls):
        return True

    def __iter__(cls):
        return type.__getattribute__(cls, "_ask_class")("iter", cls)

    def __len__(cls):
        return type.__getattribute__(cls, "_ask_class")("len", cls)

    def __getitem__(cls, key):
        return type.__getattribute__(cls, "_ask_class")("item", cls, key)

    def __contains__(cls, one):
        return type.__getattribute__(cls, "_ask_class")("contains", cls, one)


class Object_(metaclass=RemoteClass):
    """An object of the other side."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._ask("get", self, name)

    def __setattr__(self, name, value):
        self._ask("set", self, name, value)


class Error(Object_):
    """An exception of the other side's own class; what it says and came of is kept here."""

    def __getattr__(self, name):
        if name.startswith("_"):  # that Python or IPython look for where one is shown
            raise AttributeError(name)
        return self._ask("get", self, name)

    def __setattr__(self, name, value):
        if name.startswith("_"):
            BaseException.__setattr__(self, name, value)
        else:
            self._ask("set", self, name, value)

    def __str__(self):
        return vars(self)["_text"] if "_text" in vars(self) else _method(self._ask, "__str__")(self)

    def __repr__(self):
        return f"{type(self).__name__}({str(self)!r})"


class Object(Kind):
    away = True

    def fits(self, table, value):
        return True

    def made(self, table, value):
        return ["ref", class_name(table, type(value))]

    def make(self, table, name, made, tree):
        kind = table.later(made)
        if not (isinstance(kind, RemoteClass) and issubclass(kind, Object_)):
            raise ValueError("an object without a class")
        return kind.__new__(kind)


def class_name(table, kind: type) -> str:
    """The name of a class as one that only this side has."""
    if (name := table.names.get(id(kind))) is None:
        name = table.keep(kind, CLASS)
    return name
