"""A class on two workers of this machine, then on three of Dask's, one killed in the middle; then a term.

    python benchmarks/large_class.py [--assignment a1_training] [--students 300]

Prints what both took, whether each student has one outcome and the same marks in both, and what the
term's other commands take. Scheduler and workers are processes on the loopback interface, started before
the clock is.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

import dask_here
from autograde import environment, make_course, timed
from restart import differences, rows

LOCAL, WORKERS = 2, 3
DUE = "2026-12-01 23:59 Europe/Berlin"


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


def say(what: str, students: int, used: dict) -> None:
    load, rate = os.getloadavg()[0], 60 * students / used["seconds"]
    print(
        f"| {what} | {used['seconds']:.0f} | {used['cpu']:.0f} | {rate:.0f} | {load:.1f} |",
        flush=True,
    )


def on_dask(course: Path, assignment: str, students: int) -> dict:
    os.environ.update(environment())  # the workers have as many threads as kernels here
    with (
        dask_here.scheduler(course.parent) as address,
        dask_here.workers(address, *[{}] * WORKERS) as workers,
    ):
        about = (course, students, workers[0])
        threading.Thread(target=kill_in_the_middle, args=about, daemon=True).start()
        return timed(command("autograde", assignment, "--quiet", "--scheduler", address), course)


def class_list(course: Path, assignment: str, students: int) -> None:
    """The class as Canvas exports it, list and sheet of marks in one."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{assignment} (12345)"]
    people = [
        [f"Student, Made-up {n}", f"student-{n:03}", f"S{n}", f"login{n}", "A", ""]
        for n in range(students)
    ]
    with open(course / "class.csv", "w", newline="") as file:
        csv.writer(file).writerows([head, ["    Points Possible", *[""] * 4, "100.00"], *people])


def fill_in(sheets: list[Path]) -> None:
    """What two people do by hand: here each line gets all its points."""
    for path in sheets:
        lines = list(csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True)))
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, lines[0])
            writer.writeheader()
            writer.writerows(line | {"points": line["most"]} for line in lines)


def term(course: Path, name: str, students: int) -> None:
    """The commands of a term after `autograde`, as grading/large_class.md has them."""
    class_list(course, name, students)
    sheets = [course / "sheets" / f"{marker}.csv" for marker in ("ana", "bo")]
    for what, *words in (
        ("roster", "class.csv"),
        ("due", name, DUE),
        ("report", name),
        ("items", name),
        ("similar", name),
        ("markers", name, "--to", "ana", "bo", "--both", "10", "--into", "sheets"),
        ("markers", name, "--read", *map(str, sheets)),
        ("feedback", name),
        ("marksheet", name, "class.csv", "--into", "upload.csv"),
    ):
        if "--read" in words:
            fill_in(sheets)
        called = " ".join([what, *(word for word in words if word in ("--to", "--read"))])
        say(called, students, timed(command(what, *words), course))
    say("nbgrader export", students, timed(["nbgrader", "export"], course))


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
        print(
            "| command | wall s | CPU s of the command | students a minute | load |\n|---|---|---|---|---|"
        )
        local = command("autograde", name, "--quiet", "--jobs", str(LOCAL))
        say(f"autograde, {LOCAL} workers", students, timed(local, here))
        say(f"autograde, {WORKERS} of Dask, one killed", students, on_dask(there, name, students))
        again = subprocess.run(local, cwd=there, capture_output=True, text=True).stdout
        print(again.splitlines()[0])
        wrong = differences(rows(here), rows(there))
        same = exported(here, name) == exported(there, name)
        outcomes = len(rows(there)["outcomes"])
        print(f"{outcomes} outcomes; the exported marks are {'equal' if same else 'NOT EQUAL'}")
        print("\n".join(wrong))
        term(here, name, students)
    return 1 if wrong or not same or outcomes != students else 0


if __name__ == "__main__":
    sys.exit(main())
