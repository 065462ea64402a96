"""Kill the grading of a class at random moments, again and again; no mark may be lost or doubled.

    python benchmarks/restart.py --kills 200 [--students 24] [--seed 0]

Each round grades a class, killing (SIGKILL) the driver, a worker, a sandbox's process 1 or a
kernel after a random time, until the class is done. Marks and outcomes are then compared with
those of a class graded without disturbance.
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import classroom  # noqa: E402
from classroom import ASSIGNMENT, answer, hand_in, solve  # noqa: E402

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


def command(course: Path, jobs: int = 2) -> list[str]:
    words = [sys.executable, "-m", "grading", "autograde", ASSIGNMENT, "--course", str(course)]
    return [*words, "--jobs", str(jobs), "--quiet"]


def start(course: Path, jobs: int = 2) -> subprocess.Popen:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    null = subprocess.DEVNULL
    return subprocess.Popen(
        command(course, jobs), cwd=ROOT, env=environment, stdout=null, stderr=null
    )


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


def kill_until_done(course: Path, kills: int, chance: random.Random, longest: float) -> int:
    """Grade with up to ``kills`` disturbances; how many there were."""
    done = 0
    while True:
        process = start(course)
        while done < kills:
            try:
                process.wait(chance.uniform(0, longest))
                break
            except subprocess.TimeoutExpired:
                pass
            family = below(process.pid)
            victim = process.pid if chance.random() < 0.5 else chance.choice(family)
            try:
                os.kill(victim, signal.SIGKILL)
                done += 1
            except ProcessLookupError:
                continue
            if victim == process.pid:
                break
        code = process.wait()
        if code in (0, 1) and len(rows(course)["outcomes"]) == len(
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
    started = time.monotonic()
    try:
        calm = make_class(folder / "calm", given.students)
        subprocess.run(command(calm), cwd=ROOT, capture_output=True)
        quiet_seconds = time.monotonic() - started
        right, right_files = rows(calm), files(calm)
        kills = rounds = wrong = 0
        while kills < given.kills:
            course = make_class(folder / f"round-{rounds}", given.students)
            kills += kill_until_done(
                course, min(10, given.kills - kills), chance, quiet_seconds / 3
            )
            rounds += 1
            bad = rows(course) != right or files(course) != right_files
            wrong += bad
            print(
                f"round {rounds}: {kills} kills so far, {'WRONG' if bad else 'all marks right'}",
                flush=True,
            )
            if not bad:
                shutil.rmtree(course)
        print(
            f"{kills} kills in {rounds} rounds of {given.students} submissions: {wrong} rounds wrong"
        )
        return 1 if wrong else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
