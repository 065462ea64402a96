"""Whose code runs: an answer's own, Python's, a library's; told by the file that it was written in.

What code says of itself, `__name__` and `__module__`, an answer can change.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import FrameType

import numpy
import torch

import helpers

# whose Python code a by-hand answer may call, besides its own and Python's, and what only torch may
PACKAGES = {"torch", "numpy", "typing_extensions"}
LENT = {"mpmath", "networkx", "opt_einsum", "sympy"}
# torch's own spelling of its operations
SPELLINGS = ("torch._refs", "torch._decomp", "torch._prims", "torch.onnx")
SPELLINGS += ("torch.nn.utils.spectral_norm", "torch.nn.utils.parametrizations")
# ready-made of them, and what writes code that is
SPELLINGS += ("torch.distributions", "torch.masked", "torch.export", "torch.fx", "torch.ao")
WRITTEN = "<eval_with_key>"  # the file of what torch.fx has written
IDENTITY = object.__hash__  # as id, of which Python tells an audit hook every time
LISTS = {IDENTITY(list), IDENTITY(tuple)}
KINDS: dict[int, tuple[type, bool]] = {}  # that were judged; kept, so that no other is taken for it
IMPORT = "<frozen importlib._bootstrap>"
CHANNEL = ("apart", "grading.inside.apart")  # what carries a call back to a check
HERE = Path(__file__).parent
HELPERS = f"{Path(helpers.__file__).parent}{os.sep}"
OURS = f"{HERE}{os.sep}", HELPERS
PYTHON = (f"{sysconfig.get_path('stdlib')}{os.sep}", "<frozen ")
# classes of which no method is asked; by Python, which a class's own class could deny
PLAIN, MADE = (int, float, str, tuple, list), 1 << 9
FLAGS, NAME, MODULE = (vars(type)[f"__{n}__"].__get__ for n in ("flags", "qualname", "module"))
# where packages are, as it is before an answer can change it
PLACES = {path for path in sys.path if "-packages" in path}
PLACES |= {str(Path(one.__file__).parents[1]) for one in (torch, numpy)}
PLACES = tuple(f"{path}{os.sep}" for path in PLACES)


@cache
def place(file: str) -> tuple[str, str]:
    """Whose code it is ("own", "ours", "python", "library"), and of a library's its module."""
    if file.startswith(WRITTEN):
        return "library", "torch.fx"
    for folder in PLACES:
        if file.startswith(folder):
            name = file.removeprefix(folder).removesuffix(".py").removesuffix("/__init__")
            return "library", name.replace(os.sep, ".")
    if file.startswith((*OURS, *_channel())):
        return "ours", ""
    return ("python" if file.startswith(PYTHON) else "own"), ""


@cache
def _channel() -> tuple[str, ...]:
    there = [sys.modules[name] for name in CHANNEL if name in sys.modules]
    return tuple(f"{Path(module.__file__).parent}{os.sep}" for module in there)


def is_own(frame: FrameType) -> bool:
    """Is it code of an answer's, in a function? A library may import more, and generate code."""
    whose, name = _place(frame)[0], frame.f_code.co_name
    return whose == "own" and name != "<module>" and bool(frame.f_builtins)  # a namedtuple has none


def _place(frame: FrameType) -> tuple[str, str]:
    file = frame.f_code.co_filename
    if file == "<string>":  # a dataclass's, say
        module = sys.modules.get(frame.f_globals.get("__name__"))
        if module and vars(module) is frame.f_globals:
            file = getattr(module, "__file__", None) or file
    return place(file)


def is_known(module: str) -> bool:
    return _root(module) in PACKAGES and not module.startswith(SPELLINGS)


def has_own_caller(frame: FrameType) -> bool:
    """Has an answer called it: itself, or by way of Python's functions, helpers' or a library's?

    So it has where it is the answer, which a test calls.
    """
    root = _root(place(frame.f_code.co_filename)[1])
    while (back := frame.f_back) and back.f_code.co_filename != IMPORT:
        whose, module = _place(back)
        by_way = is_known(module) and _root(module) != root and root not in LENT
        by_way |= whose == "python" or back.f_code.co_filename.startswith(HELPERS)
        if not by_way:
            return whose in ("own", "ours")
        frame = back
    return False


def _root(module: str) -> str:
    return module.partition(".")[0]


def is_own_kind(kind: type) -> bool:
    """May an object of that class run an answer's code when an operation reads it?

    Its class's class is not asked, nor its hash.
    """
    if (found := KINDS.get(IDENTITY(kind))) is None:
        found = KINDS[IDENTITY(kind)] = kind, _is_own_kind(kind)
    return found[1]


def _is_own_kind(kind: type) -> bool:
    if issubclass(kind, PLAIN) or not FLAGS(kind) & MADE:
        return False
    names = MODULE(kind), NAME(kind)
    if [*map(type, names)] != [str, str]:
        return True
    root, module = _root(names[0]), sys.modules.get(names[0])
    if getattr(module, names[1], None) is not kind:  # it calls itself so
        return True
    return root == "__main__" or root not in PACKAGES | LENT | sys.stdlib_module_names


def holds_own_kind(values: Iterable) -> bool:
    """So does any of them, however deep in lists?"""
    kinds = {IDENTITY(kind): kind for kind in map(type, values)}
    inner = (one for one in values if type(one) in (list, tuple)) if kinds.keys() & LISTS else ()
    return any(map(is_own_kind, kinds.values())) or any(map(holds_own_kind, inner))
