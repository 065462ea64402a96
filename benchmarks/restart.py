"""Kill the grading of a class at random moments, again and again; no mark may be lost or doubled.

    python benchmarks/restart.py --kills 200 [--students 24] [--seed 0]

Each round grades a class, killing (SIGKILL) the driver, a worker, a sandbox's process 1 or a
kernel after a random time, until the class is done. Marks and outcomes are then compared with
those of a class graded without disturbance.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import classroom  # noqa: E402
from classroom import ASSIGNMENT, answer, hand_in, solve  # noqa: E402

import grading.__main__  # noqa: E402
import grading.driver  # noqa: E402  imported once, for all the processes that are killed

LONGEST_SECONDS = 3.0  # between two kills
KINDS = [
    answer(),
    answer(add="return a - b"),
    answer(mean="return 0"),
    answer(add="return 2 * b"),
    answer(mean="import os; os._exit(1)"),
]


def make_class(root: Path, students: int) -> Path:
    course = classroom.make_course(root)
    for number in range(students):
        name = f"student-{number:03}"
        broken = number % 8 == 7
        nb = '{"cut off' if broken else solve(course, KINDS[number % len(KINDS)])
        hand_in(course, name, nb)
    return course


def start(course: Path) -> multiprocessing.Process:
    """The command `autograde --jobs 2` in a process that need not import everything again."""
    process = multiprocessing.get_context("fork").Process(target=_autograde, args=(course,))
    process.start()
    return process


def _autograde(course: Path) -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    words = ["autograde", ASSIGNMENT, "--course", str(course), "--jobs", "2", "--quiet"]
    os._exit(grading.__main__.main(words))


def below(pid: int) -> list[int]:
    """Process ids below a process, itself first."""
    found, todo = [], [pid]
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(name))
            except OSError:
                pass
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def rows(course: Path) -> dict[str, list]:
    """All that counts in a gradebook, in a form that can be compared."""
    queries = {
        "marks": """select s.student_id, n.name, c.name, g.auto_score, g.needs_manual_grade
            from grade g join base_cell c on g.cell_id = c.id
            join submitted_notebook m on g.notebook_id = m.id join notebook n on m.notebook_id = n.id
            join submitted_assignment s on m.assignment_id = s.id""",
        "outcomes": "select student, state from grading_outcome",
        "students": "select id from student",
    }
    with sqlite3.connect(course / "gradebook.db") as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        return {name: sorted(map(repr, database.execute(q))) for name, q in queries.items()}


def files(course: Path) -> dict[str, list[str]]:
    """The autograded folders, leftovers included."""
    folders = (course / "autograded").iterdir()
    return {f.name: sorted(str(p.relative_to(f)) for p in f.rglob("*")) for f in folders}


def differences(right: dict[str, list], found: dict[str, list]) -> list[str]:
    """What is missing and what is too much, a line each."""
    lines = []
    for name in sorted(right.keys() | found.keys()):
        wanted, have = Counter(right.get(name, ["nothing"])), Counter(found.get(name, ["nothing"]))
        lines += [f"{name}: {line} is missing" for line in wanted - have]
        lines += [f"{name}: {line} is too much" for line in have - wanted]
    return lines


def kill_until_done(course: Path, kills: int, chance: random.Random) -> int:
    """Grade with up to ``kills`` disturbances; how many there were."""
    done = 0
    while True:
        process = start(course)
        while done < kills:
            process.join(chance.uniform(0, LONGEST_SECONDS))
            if process.exitcode is not None:
                break
            family = below(process.pid)
            victim = process.pid if chance.random() < 0.3 else chance.choice(family)
            try:
                os.kill(victim, signal.SIGKILL)
                done += 1
            except ProcessLookupError:
                continue
            if victim == process.pid:
                break
        process.join()
        if process.exitcode in (0, 1) and len(rows(course)["outcomes"]) == len(
            list((course / "submitted").iterdir())
        ):
            return done


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--students", type=int, default=24)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    chance, folder = random.Random(given.seed), Path(tempfile.mkdtemp(prefix="restart-"))
    try:
        calm = make_class(folder / "calm", given.students)
        start(calm).join()
        right, right_files = rows(calm), files(calm)
        kills = rounds = wrong = 0
        while kills < given.kills:
            course = make_class(folder / f"round-{rounds}", given.students)
            kills += kill_until_done(course, min(20, given.kills - kills), chance)
            rounds += 1
            bad = differences(right, rows(course)) + differences(right_files, files(course))
            wrong += bool(bad)
            said = "\n    ".join(["WRONG", *bad]) if bad else "all marks right"
            print(f"round {rounds}: {kills} kills so far, {said}", flush=True)
            shutil.rmtree(course)
        print(
            f"{kills} kills in {rounds} rounds of {given.students} submissions: {wrong} rounds wrong"
        )
        return 1 if wrong else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
