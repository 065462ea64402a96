"""What both processes know by name: classes of modules, types, and (one way) functions."""

import array
import builtins
import collections
import importlib
import inspect
import sys

import numpy
import torch
from torch import nn

from . import names
from .plain import WRITE

NAMESPACES = ("torch", "torch.nn.functional", "torch.linalg", "torch.special", "torch.fft")
PACKAGES = {"torch", "numpy", "math", "random", "copy", "statistics", "itertools", "functools"}
CONTAINERS = (dict, collections.OrderedDict, collections.Counter, collections.defaultdict)
OPTIMISERS = tuple(
    value
    for value in vars(torch.optim).values()
    if isinstance(value, type) and issubclass(value, torch.optim.Optimizer)
)


def name_of(value) -> str:
    """module:qualname, where the value says so."""
    return f"{getattr(value, '__module__', '')}:{getattr(value, '__qualname__', '')}"


def _module(value) -> str:
    return f"{getattr(value, '__module__', '')}"


def within(module: str, packages) -> bool:
    """Whether a module, by its name, is of one of the packages."""
    return any(f"{module}.".startswith(f"{package}.") for package in packages)


def classes_of(packages: tuple[str, ...]) -> list[type]:
    """Modules' and exceptions' classes that the packages hold, as far as they are imported."""
    found, waiting = [], [nn.Module, Exception]
    while waiting:
        one = waiting.pop()
        if within(one.__module__, packages):
            found.append(one)
        waiting += one.__subclasses__()
    return found


def exceptions() -> list[type]:
    """Python's own, of the modules that are imported."""
    found = [Exception]
    for one in found:  # which grows
        found += one.__subclasses__()
    return [one for one in found if _module(one).partition(".")[0] in sys.stdlib_module_names]


def withheld(packages) -> set[str]:
    """Packages of which only some modules are among these: the others are the tests' own."""
    return {p.partition(".")[0] for p in packages if "." in p} - set(packages) - PACKAGES


class _Refusal:
    """Finds no module of these packages, and lets nothing else find one."""

    def __init__(self, roots: set[str]):
        self.roots = frozenset(roots)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.roots:
            raise ModuleNotFoundError(f"{name!r} is what tests are made of, not answers", name=name)


class Library:
    """Names of what need not be sent.

    The closed list (types, exceptions, classes of modules of `packages`) goes both ways. Other
    things go by name only to a side that is `open`: what it does with them is no one's risk.
    """

    def __init__(self, packages: tuple[str, ...] = ("torch.nn",), private: tuple[str, ...] = ()):
        self.withheld = withheld(packages)
        self.private = ("__main__", *private, *self.withheld)
        self.packages = packages
        self.places: set[str] = set()
        self.others: set[str] = set()  # names in the packages that are of no class on the list
        self.kept: dict[str, object] = {}  # where `withdraw` has taken the modules away
        types = [v for v in vars(builtins).values() if isinstance(v, type)]
        types += [torch.Tensor, nn.Parameter, torch.Size, numpy.ndarray, type(None)]
        types += [one for one in WRITE if isinstance(one, type)] + exceptions()
        types += [
            collections.deque,
            array.array,
            *CONTAINERS,
            *OPTIMISERS,
            numpy.linalg.LinAlgError,
            torch.linalg.LinAlgError,
        ]
        self.closed = {name_of(value): value for value in types}
        self.refresh()
        self.functions = {}
        for space in NAMESPACES:
            for name, value in vars(sys.modules[space]).items():
                if callable(value) and not name.startswith("_"):
                    self.functions.setdefault(id(value), f"{space}:{name}")

    def refresh(self) -> None:
        """Take in classes of modules that were imported meanwhile."""
        self.closed |= {name_of(one): one for one in classes_of(self.packages)}

    def folders(self) -> list[str]:
        """Where the packages lie."""
        files = [getattr(sys.modules.get(name), "__file__", None) for name in self.packages]
        self.places |= {file.rpartition("/")[0] for file in files if file}
        return list(self.places)

    def holds(self, value: type) -> bool:
        """Whether a class is on the closed list."""
        if name_of(value) not in self.closed and within(_module(value), self.packages):
            self.refresh()  # 1,400 classes are looked through
        return self.closed.get(name_of(value)) is value

    def name(self, value, open: bool) -> str | None:
        """The name under which the other side finds the value too, if it does."""
        if isinstance(value, type) and self.holds(value):
            return name_of(value)
        if not open:
            return None
        if id(value) in self.functions:
            return self.functions[id(value)]
        known = isinstance(value, type) or inspect.isroutine(value)
        if not known or self.is_private(value):
            return None
        try:
            found = self.find(name_of(value), True)
            same = value is found or value is inspect.unwrap(found)
            return name_of(value) if same else None
        except (KeyError, AttributeError, ImportError, ValueError, TypeError):
            return None

    def is_private(self, value) -> bool:
        """Whether a value was defined by a notebook or by what tests keep to themselves."""
        module = _module(value)
        return not within(module, self.packages) and within(module, self.private)

    def is_package(self, name: str) -> bool:
        """Whether a module is of the libraries that notebooks use."""
        roots = PACKAGES | {p.partition(".")[0] for p in self.packages}
        return name.partition(".")[0] in roots - self.withheld

    def withdraw(self) -> None:
        """Be in a process of answers: nothing there is to lead to what tests are made of.

        What the tests' side names of it is kept from now on, and is no longer looked up.
        """
        self.folders()
        for module in [m for m in self.packages if m.partition(".")[0] in self.withheld]:
            space = vars(importlib.import_module(module))
            named = {name_of(v): v for v in space.values()}
            self.kept |= {n: v for n, v in named.items() if n.startswith(f"{module}:")}
            if "ODD" in space:
                names.listen(space["ODD"].append, tuple(self.folders()))
        for module in [m for m in sys.modules if m.partition(".")[0] in self.withheld]:
            del sys.modules[module]
        sys.meta_path.insert(0, _Refusal(self.withheld))

    def package(self, name: str):
        """A module of the libraries that notebooks use."""
        if not self.is_package(name):
            raise KeyError(name)
        return importlib.import_module(name)

    def find(self, name: str, open: bool):
        """The value of a name. KeyError where it is not on the closed list."""
        if name in self.kept:
            return self.kept[name]
        module, _, path = name.partition(":")
        if name not in self.closed and name not in self.others and within(module, self.packages):
            importlib.import_module(module)
            self.refresh()
            if name not in self.closed:
                self.others.add(name)  # a function, say
        if not open:
            return self.closed[name]
        module, _, path = name.partition(":")
        value = importlib.import_module(module)
        for part in path.split("."):
            value = getattr(value, part)
        return value
