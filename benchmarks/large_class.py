"""A class on two workers of this machine, then on three of Dask's, one killed in the middle.

    python benchmarks/large_class.py [--assignment a1_training] [--students 300]

Prints what both took, whether each student has one outcome and the same marks in both, and what the
commands that follow take. Scheduler and workers are processes on the loopback interface, started before
the clock is.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from autograde import environment, make_course, timed
from restart import differences, rows

DASK = str(Path(sys.executable).with_name("dask"))
LOCAL, WORKERS = 2, 3


def started(*words: str) -> subprocess.Popen:
    command = [DASK, *words, "--no-dashboard", "--host", "127.0.0.1"]
    return subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def dask(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler's address, and its workers."""
    from distributed import Client

    file = folder / "scheduler.json"
    processes = [started("scheduler", "--port", "0", "--scheduler-file", str(file))]
    try:
        while not file.exists():
            time.sleep(0.1)
        for _ in range(WORKERS):
            words = ("worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny")
            processes.append(started(*words))
        with Client(scheduler_file=str(file)) as client:
            client.wait_for_workers(WORKERS)
            address = client.scheduler.address
        yield address, processes[1:]
    finally:
        for process in reversed(processes):
            process.terminate()  # workers first: they end what they have started
            process.wait()


def kill_in_the_middle(course: Path, students: int, worker: subprocess.Popen) -> None:
    graded = course / "autograded"
    while not graded.is_dir() or len(os.listdir(graded)) < students // 2:
        time.sleep(0.5)
    worker.kill()
    print(f"a worker was killed with {len(os.listdir(graded))} of {students} graded", flush=True)


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "grading", *words]


def exported(course: Path, assignment: str) -> str:
    words = command("report", assignment, "--format", "csv")
    return subprocess.run(words, cwd=course, check=True, capture_output=True, text=True).stdout


def say(what: str, students: int, seconds: float) -> None:
    load = os.getloadavg()[0]
    print(f"| {what} | {seconds:.0f} | {60 * students / seconds:.0f} | {load:.1f} |", flush=True)


def on_dask(course: Path, assignment: str, students: int) -> float:
    with dask(course.parent) as (address, workers):
        about = (course, students, workers[0])
        threading.Thread(target=kill_in_the_middle, args=about, daemon=True).start()
        words = command("autograde", assignment, "--quiet", "--scheduler", address)
        return timed(words, course)["seconds"]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--assignment", default="a1_training")
    options.add_argument("--students", type=int, default=300)
    given = options.parse_args()
    name, students = given.assignment, given.students
    with tempfile.TemporaryDirectory(prefix="class-") as folder:
        here, there = Path(folder) / "local", Path(folder) / "dask"
        make_course(here, name, students, plain=False)
        shutil.copytree(here, there, symlinks=True)
        print("| command | wall s | students a minute | load |\n|---|---|---|---|")
        local = command("autograde", name, "--quiet", "--jobs", str(LOCAL))
        say(f"autograde, {LOCAL} workers", students, timed(local, here)["seconds"])
        say(f"autograde, {WORKERS} of Dask, one killed", students, on_dask(there, name, students))
        again = subprocess.run(local, cwd=there, capture_output=True, text=True).stdout
        for word in ("report", "items", "similar", "feedback"):
            say(word, students, timed(command(word, name), here)["seconds"])
        print(again.splitlines()[0])
        wrong = differences(rows(here), rows(there))
        same = exported(here, name) == exported(there, name)
        outcomes = len(rows(there)["outcomes"])
        print(f"{outcomes} outcomes; the exported marks are {'equal' if same else 'NOT EQUAL'}")
        print("\n".join(wrong))
    return 1 if wrong or not same or outcomes != students else 0


if __name__ == "__main__":
    sys.exit(main())
