"""Judge answers in forks of this process, without nbgrader and sandbox: for trials of a check.

With `apart`, answers and test run in two processes, as when a class is graded. One pass through
the instructor notebook: at each item every answer is run in a fork, with the cells up to its test
and the test itself; then the pass goes on with the solution.
"""

from __future__ import annotations

import functools
import linecache
import os
import pickle
import resource
import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from inspect import isfunction
from io import StringIO
from typing import Any

from bank import Answer
from nbformat.notebooknode import NotebookNode

SECONDS = 120  # of processor time for one answer and its test


def judge(
    source: NotebookNode, answers: list[Answer], apart: bool = False
) -> Iterator[tuple[Answer, bool, str]]:
    """Each answer, whether its test accepts it, and the message where it does not."""
    import sklearn.metrics  # noqa: F401 - once here, and not in each fork
    import torch._dynamo  # noqa: F401
    import torchvision.models.resnet  # noqa: F401
    from IPython.core.inputtransformer2 import TransformerManager

    cells = [cell for cell in source.cells if cell.cell_type == "code"]
    code = {cell.id: TransformerManager().transform_cell(cell.source) for cell in cells}
    graded = {c.id for c in cells if c.metadata.get("nbgrader", {}).get("grade")}
    names: dict[str, Any] = {"__name__": "__main__"}
    locked: set[str] = set()  # whose functions tests have themselves
    left = {answer.item for answer in answers}
    for number, cell in enumerate(cells):
        item = cell.id.removesuffix("-answer")
        if item in left and cell.id != item:
            left.remove(item)
            between = [c.id for c in cells[number + 1 :]]
            between = between[: between.index(item)]
            for answer in (a for a in answers if a.item == item):
                todo = [answer.source, *(code[name] for name in between)]
                outcome = functools.partial(_elsewhere, locked) if apart else _outcome
                yield answer, *_forked(outcome, todo, code[item], names)
        if not left:
            return
        if cell.id not in graded:
            before = dict(names)
            with redirect_stdout(StringIO()):
                _run(code[cell.id], cell.id, names)
            if cell.metadata.get("nbgrader", {}).get("locked"):
                locked |= {n for n, value in names.items() if value is not before.get(n)}


def _run(text: str, name: str, names: dict[str, Any]) -> None:
    linecache.cache[f"<{name}>"] = (len(text), None, text.splitlines(True), f"<{name}>")
    exec(compile(text, f"<{name}>", "exec"), names)


def _forked(outcome, cells: list[str], test: str, names: dict[str, Any]) -> tuple[bool, str]:
    """Run the cells, whose errors are passed over, and the test in a fork."""
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(outcome(cells, test, names), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(told) if told else (False, "the process ended")


def _outcome(cells: list[str], test: str, names: dict[str, Any]) -> tuple[bool, str]:
    _alone()
    for number, cell in enumerate(cells):
        _pass_over(cell, number, names)
    return tested(test, names)


def _alone() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)


def _pass_over(cell: str, number: int, names: dict[str, Any]) -> None:
    try:
        _run(cell, f"answer {number}", names)
    except BaseException:
        pass


def tested(test: str, names: dict[str, Any]) -> tuple[bool, str]:
    try:
        _run(test, "test", names)
    except AssertionError as failed:
        return False, str(failed)
    except BaseException:
        return False, traceback.format_exc()
    return True, ""


def _elsewhere(
    locked: set[str], cells: list[str], test: str, names: dict[str, Any]
) -> tuple[bool, str]:
    """The same with the answers in a process of their own."""
    from checks import watch
    from grading.cells import free
    from grading.inside.apart.frames import Frames
    from grading.inside.apart.library import Library
    from grading.inside.apart.peer import MISSING, Peer

    _alone()
    library = Library(("torch.nn", "helpers", "checks.watch"))
    here, there = socket.socketpair()
    if os.fork() == 0:
        here.close()
        library.withdraw()
        peer = Peer("a", Frames(there), library, names)
        peer.run = lambda cell, number: _pass_over(cell, number, names)
        peer.shown.divert()
        try:
            peer.serve()
        finally:
            os._exit(0)
    there.close()
    peer = Peer("t", Frames(here), library)
    watch.THERE[:], watch.TEST[:] = [peer], [test]
    for number, cell in enumerate(cells):
        peer.ask("run", cell, number)
    found = {name: peer.fetch(name) for name in free(test)}
    own = {name: value for name, value in found.items() if value is not MISSING}
    own |= {name: names[name] for name in locked & set(free(test)) if isfunction(names[name])}
    return tested(test, {"__name__": "__main__"} | own)
