"""Run a notebook with its answers in one process and its tests in another, without a sandbox.

python tests/apart_driver.py source/a2_cnn/a2_cnn.ipynb ...
"""

from __future__ import annotations

import ast
import builtins
import os
import socket
import sys
import time
import traceback
from pathlib import Path

import nbformat
import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from checks import watch  # noqa: E402
from grading.inside.apart.frames import ChannelError, Frames  # noqa: E402
from grading.inside.apart.library import Library  # noqa: E402
from grading.inside.apart.peer import MISSING, Peer  # noqa: E402

EXECUTE = "execute a cell"


def start() -> tuple[Peer, int]:
    """A peer for tests, and the process of the answers."""
    here, there = socket.socketpair()
    library = Library(("torch.nn", "helpers", "checks.watch"))
    child = os.fork()
    if child == 0:
        here.close()
        names = {"__name__": "__main__"}
        names[EXECUTE] = lambda source: exec(compile(source, "<cell>", "exec"), names)
        try:
            Peer("a", Frames(there), library, names).serve()
        except ChannelError:
            pass
        except BaseException:
            traceback.print_exc()
        os._exit(0)
    there.close()
    return Peer("t", Frames(here), library), child


def free(source: str) -> set[str]:
    """Names that a cell uses."""
    tree = ast.parse(source)
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    return used - set(vars(builtins))


def is_test(cell) -> bool:
    info = cell.metadata.get("nbgrader", {})
    return bool(info.get("grade") and info.get("locked"))


def judge(peer: Peer, cell, names: dict) -> str:
    """What a test cell ends with: "" or the error's text. `names`: what earlier tests defined."""
    fetched = {name: peer.fetch(name) for name in sorted(free(cell.source) - set(names))}
    fetched = {name: value for name, value in fetched.items() if value is not MISSING}
    names.update(fetched)
    try:
        exec(compile(cell.source, cell.id, "exec"), names)
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        for name in fetched:
            names.pop(name, None)


def run(notebook) -> dict[str, str]:
    """What each test cell ends with."""
    peer, child = start()
    watch.THERE[:] = [peer.there]
    execute = peer.fetch(EXECUTE)
    names, found = {"__name__": "__main__"}, {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_test(cell):
            began, asked = time.process_time(), peer.count
            found[cell.id] = said = judge(peer, cell, names)
            word = "ok" if not said else "FAIL " + said[:300].replace("\n", " | ")
            seconds = time.process_time() - began
            print(f"{cell.id:<20} {peer.count - asked:>5} asked {seconds:.2f} s {word}")
        elif cell.cell_type == "code":
            try:
                execute(cell.source)
            except Exception as error:
                print("answers:", cell.id, type(error).__name__, str(error)[:200])
    watch.THERE.clear()
    peer.end()
    os.waitpid(child, 0)
    return found


if __name__ == "__main__":
    torch.set_num_threads(1)
    for path in sys.argv[1:]:
        results = run(nbformat.read(path, 4))
        print(path, sum(not said for said in results.values()), "of", len(results))
