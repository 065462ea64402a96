"""Kinds of objects that are gone through step by step, or awaited; they stay where they are."""

from types import GeneratorType

from .values import Kind


class Iterator(Kind):
    away = True

    def fits(self, table, value):
        """It has nothing else to it: a file is an object, or an iterator that can be put back."""
        kind = type(value)
        more = kind is not GeneratorType and any(name[0] != "_" for name in dir(kind))
        return hasattr(kind, "__next__") and not more

    def made(self, table, value):
        return isinstance(value, GeneratorType)

    def make(self, table, name, made, tree):
        return (_Generator if made is True else _Iterator)(table.ask)


class _Iterator:
    def __init__(self, ask):
        self._ask = ask

    def __iter__(self):
        return self

    def __next__(self):
        return self._ask("next", self)


class _Generator(_Iterator):
    def send(self, value):
        return self._ask("method", self, "send", (value,), ())

    def throw(self, error):
        return self._ask("method", self, "throw", (error,), ())

    def close(self):
        return self._ask("method", self, "close", (), ())


class Awaitable(Kind):
    away = True

    def fits(self, table, value):
        return hasattr(type(value), "__await__")

    def make(self, table, name, made, tree):
        return _Awaitable(table.ask)


class _Awaitable:
    def __init__(self, ask):
        self._ask = ask

    def __await__(self):
        return self._ask("await", self)
        yield  # so that it is a generator, which ends at once
