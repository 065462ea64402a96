"""`python -m grading` at the price of a fork, for tests that give it many commands.

A process imports once what the commands import, and keeps one warm sandbox for courses with the
limits of a small one; each command runs in a fork of it. How a command starts from nothing is what
test_grading_environment, test_grading_hostile and the class of test_grading show.
"""

import functools
import json
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(*words: str, nbgrader_in: Path | None = None) -> subprocess.CompletedProcess:
    """What the command prints and ends with; with a folder, nbgrader's own command in it."""
    server = _server()
    server.stdin.write(json.dumps([str(nbgrader_in or ""), words]) + "\n")
    server.stdin.flush()
    return subprocess.CompletedProcess(words, *json.loads(server.stdout.readline()))


@functools.cache
def _server() -> subprocess.Popen:
    """It ends when this process does: nobody writes to it any more."""
    return subprocess.Popen(
        [sys.executable, __file__],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def serve() -> None:
    sys.path.insert(0, str(ROOT))
    from nbgrader.apps import nbgraderapp  # noqa: F401

    from grading import __main__, driver, early, feedback, report  # noqa: F401
    from grading.bubble import why_not
    from grading.limits import Limits
    from grading.sandbox import Sandbox

    class Kept(Sandbox):
        """Left by a command as it was found, unless something is wrong with it."""

        owner = os.getpid()

        def close(self) -> None:
            if os.getpid() == self.owner or not (self.forgotten or self.sound):
                super().close()
            elif not self.forgotten:
                self.end()

    box = None
    early.sandbox = lambda root: box
    for line in sys.stdin:
        if box and not box.sound:
            box.close()
            box = None
        if box is None and not why_not():
            box = Kept(Limits(preload=[]), [])
            box.wait_until_ready()
        if box:
            box.number += 10_000  # of requests: none that a command has used
        folder, words = json.loads(line)
        reply = _forked(*((_nbgrader, [folder, *words]) if folder else (__main__.main, words)))
        print(json.dumps(reply), flush=True)
    if box:
        box.close()


def _nbgrader(words: list[str]) -> None:
    from nbgrader.apps.nbgraderapp import NbGraderApp

    os.chdir(words[0])
    NbGraderApp.launch_instance(argv=words[1:])


def _forked(main, words: list[str]) -> tuple[int, str, str]:
    """The exit status of a command, and what it wrote."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            status = 1
            try:
                status = main(words) or 0
            except SystemExit as stop:
                status = stop.code or 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
        return status, *texts


if __name__ == "__main__":
    serve()
