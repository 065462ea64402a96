"""What `tools/replicate.py` puts into a lecture's kernel: shifted seeds, assertions that are noted."""

from __future__ import annotations

import ast
import json
import random
import sys
import time
import types
import zlib
from numbers import Integral

import numpy
import torch

cell = ""  # the id of the cell that runs
seen: dict[str, dict[str, bool]] = {}  # cell id -> assertion -> whether it held, each time
seconds: dict[str, float] = {}  # cell id -> CPU time
since = 0.0


def enter(name: str) -> None:
    """Called before each cell: the CPU time until now belongs to the cell before it."""
    global cell, since
    now = time.process_time()
    seconds[cell] = round(now - since, 2)
    cell, since = name, now


def note(text: str, held: object) -> None:
    noted = seen.setdefault(cell, {})
    noted[text] = noted.get(text, True) and bool(held)


class NoteAssertions(ast.NodeTransformer):
    """`assert X` becomes a note of whether X held; one that a cell means to catch stays."""

    def visit_Try(self, node: ast.Try) -> ast.Try:
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.Expr:
        call = ast.parse(f"__replicate__.note({ast.unparse(node.test)!r}, 0)", mode="eval").body
        call.args[1] = node.test
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


def shift_seeds(by: int) -> None:
    """Every seed that torch, NumPy or random is given becomes seed + by, and text is split anew."""

    def shift(call):
        return lambda seed=None, *a: call(seed + by if isinstance(seed, Integral) else seed, *a)

    torch.manual_seed = shift(torch.manual_seed)
    numpy.random.default_rng, numpy.random.seed = map(
        shift, (numpy.random.default_rng, numpy.random.seed)
    )
    random.seed = shift(random.seed)

    class Generator(torch.Generator):
        def manual_seed(self, seed: int):
            return super().manual_seed(seed + by)

    torch.Generator = Generator
    import helpers.data  # noqa: F401 - its texts are split by checksums of names: start them elsewhere

    for name, module in list(sys.modules.items()):
        if name.startswith("helpers") and hasattr(module, "zlib"):
            module.zlib = types.SimpleNamespace(crc32=lambda data: zlib.crc32(data, by))
    torch.manual_seed(0)


def begin(shell, by: int) -> None:
    """Called before the lecture's first cell."""
    shell.ast_transformers.append(NoteAssertions())
    shell.user_ns["__replicate__"] = sys.modules[__name__]
    if by:
        shift_seeds(by)


def report() -> None:
    """Called after the last cell: the processor's capability, what was seen, CPU seconds."""
    enter("")
    seconds.pop("")  # before the first cell
    print(json.dumps([torch.backends.cpu.get_cpu_capability(), seen, seconds]))
