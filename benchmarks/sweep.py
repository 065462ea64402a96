"""Disturb a kernel at every step of its life; its neighbours must get the marks they get alone.

    python benchmarks/sweep.py --sweeps 500 [--first 0]

One worker grades, again and again, a disturbed submission and then an honest one. A kernel is
killed, stopped, or floods whoever listens: while it starts, in a cell, when it is interrupted, at
its end, and after it, by itself, by a process it left behind, or from outside; the delay runs
through each step. Who is disturbed from outside must get full marks too.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import classroom  # noqa: E402
from classroom import ASSIGNMENT, answer, hand_in, marks, solve  # noqa: E402
from restart import below  # noqa: E402

from grading import driver  # noqa: E402
from grading.course import Course  # noqa: E402
from grading.worker import Job, definition  # noqa: E402
from grading.workers import Workers  # noqa: E402

STEPS = {"launch": 1.0, "cell": 0.5, "interrupt": 1.5, "end": 0.1, "between": 0.5}  # seconds
ACTIONS = {
    "kill": "os.kill(kernel, 9)",
    "stop": "os.kill(kernel, 19)",
    "flood": """
for fd in range(3, 60):
    for junk in (b"x" * 1000, b'{"n": 1, "launched": 1}', b'{"kernel": 1, "ended": {}}'):
        for _ in range(50):
            try: os.write(fd, junk)
            except OSError: break
""",
}
RIGHT = {"test-add": 2.0, "test-mean": 3.0, "test-part": 2.0, "essay": None}
CONFIG = """
c.Limits.memory_mb = 400
c.Limits.processes = 20
c.Limits.submission_seconds = 60
"""


def attack(action: str, delay: float, fork: bool) -> str:
    """A cell that does it after ``delay``, in a thread, or in a process that outlives the kernel."""
    work = "\n".join("    " + line for line in ACTIONS[action].strip().splitlines())
    start = "os.fork() or (later(), os._exit(0))" if fork else "Thread(target=later).start()"
    return f"""import os, time
from threading import Thread
kernel = os.getpid()
def later():
    time.sleep({delay})
{work}
{start}"""


def disturbed(course: Path, number: int) -> tuple[str, str, float, str]:
    """Hand in sweep ``number``'s submission: (step, action, delay, who does it)."""
    steps, actions = list(STEPS), list(ACTIONS)
    action, step = actions[number % 3], steps[number // 3 % 5]
    delay = (number * 0.6180339887) % 1 * STEPS[step]
    fork = number // 15 % 2 == 1
    outside = action != "flood" and (step == "launch" or (step == "between" and fork))
    nb = solve(course)
    code = attack(action, delay, fork)
    if step == "interrupt":
        nb = solve(course, answer(mean="while True: pass"))
    if not outside:
        place = {"launch": 0, "cell": 0, "interrupt": 0}.get(step, len(nb.cells))
        if step == "cell":
            code += "\ntime.sleep(0.5)"
        nb.cells.insert(place, classroom.new_code_cell(code))
    hand_in(course, "disturbed", nb)
    who = "from outside" if outside else "a process left behind" if fork else "itself"
    return step, action, delay, who


class FromOutside(threading.Thread):
    """Waits for the worker's next kernel (or the end of it), then for the delay, and acts."""

    def __init__(self, worker: int, number: int, delay: float, after: bool):
        super().__init__(daemon=True)
        self.worker, self.number, self.delay, self.after = worker, number, delay, after
        self.over = threading.Event()

    def run(self) -> None:
        calm = self._zygote()
        while not self.over.is_set():
            family = self._zygote()
            if len(family) > 1 and family[:1] == calm[:1]:
                if not self.after:
                    return self._act(family[1], self.number)
                while len(self._zygote()) > 1 and not self.over.is_set():
                    time.sleep(0.002)
                return self._act(family[0], signal.SIGKILL)
            calm = family
            time.sleep(0.002)

    def _act(self, pid: int, number: int) -> None:
        self.over.wait(self.delay)
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    def _zygote(self) -> list[int]:
        """Process 1 of the worker's sandbox and what it has started, as seen from here."""
        for pid in below(self.worker)[1:]:
            try:
                if b"zygote.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found = below(pid)
                    if b"bwrap" not in Path(f"/proc/{pid}/comm").read_bytes():
                        return found
            except OSError:
                pass
        return []


def sweep(course: Course, plan, workers: Workers, number: int) -> list[str]:
    """One disturbance and an honest neighbour; what is wrong."""
    root = course.root
    for folder in ("submitted", "autograded"):
        shutil.rmtree(root / folder, ignore_errors=True)
    step, action, delay, who = disturbed(root, number)
    hand_in(root, "honest", solve(root))
    names = ("disturbed", "honest")
    folders = [course.folder("autograded", name, ASSIGNMENT) for name in names]
    jobs = [
        Job(name, course.folder("submitted", name, ASSIGNMENT), folder.with_name(".new"))
        for name, folder in zip(names, folders, strict=True)
    ]
    helper = None
    if who == "from outside":
        (slot,) = workers.slots.values()
        kind = signal.SIGSTOP if action == "stop" else signal.SIGKILL
        helper = FromOutside(slot.process.pid, kind, delay, step == "between")
        helper.start()
    summary = driver.Summary()
    driver.grade(course, plan, workers, jobs, summary, quiet=True)
    if helper:
        helper.over.set()
        helper.join()
    wrong = []
    for name, must in (("honest", True), ("disturbed", who == "from outside")):
        if name not in summary.done:
            wrong.append(f"{name} was not graded: {summary.failed[name]}")
        elif must and (marks(root, name) != RIGHT or summary.done[name]["state"] != "graded"):
            wrong.append(f"{name}: {marks(root, name)}, {summary.done[name]['reasons']}")
    what = f"sweep {number}: {action}, {step}, after {delay:.3f} s, by {who}"
    return [f"{what}: {line}" for line in wrong]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sweeps", type=int, default=500)
    options.add_argument("--first", type=int, default=0)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sweep-"))
    wrong, count = Counter(), 0
    try:
        course = Course(classroom.make_course(folder / "course", timeout=1, extra=CONFIG))
        plan = course.plan(ASSIGNMENT)
        with course.gradebook() as gradebook:
            workers = Workers(plan, definition(gradebook, plan), range(1))
        try:
            started = time.monotonic()
            for number in range(given.first, given.first + given.sweeps):
                lines = sweep(course, plan, workers, number)
                count += 1
                wrong["wrong"] += bool(lines)
                if lines or count % 50 == 0:
                    print(f"{count} sweeps, {time.monotonic() - started:.0f} s", *lines, sep="\n  ")
                    sys.stdout.flush()
        finally:
            workers.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{count} sweeps: {wrong['wrong']} in which somebody did not get the right marks")
    return 1 if wrong["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
