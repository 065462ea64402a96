"""Grade one class twice, with this package and with plain nbgrader, and compare.

    python benchmarks/autograde.py [--assignment a1_training] [--students 64] [--plain 64] [--jobs 1 2]
    python benchmarks/autograde.py --students 1 [--repeat 3]     # a cold start

Both grade the same submissions with the same pinned threads. Times depend on what else the
machine does: plain nbgrader grades the class in parts, before, between and after this package's
runs, and CPU seconds stand beside. Both commands' whole cost is counted, start and imports included.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from restart import below
from synthetic_class import hand_in

ROOT = Path(__file__).resolve().parents[1]
PLAIN = """
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors." + name
    for name in ("ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells",
                 "CheckCellMetadata")
]
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute", "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
] + ["nbgrader.preprocessors." + name
     for name in ("LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata")]
"""

# runs a command and waits for all that it leaves behind, whose CPU time is then counted: a sandbox, say
WHOLE = """
import ctypes, os, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
code = subprocess.call(sys.argv[1:])
try:
    while True:
        os.wait()
except ChildProcessError:
    sys.exit(code)
"""


def make_course(root: Path, assignment: str, students: int, plain: bool) -> None:
    """A copy of this course with a class: right answers, of which each student left out some."""
    shutil.copytree(ROOT / "source" / assignment, root / "source" / assignment)
    config = (ROOT / "nbgrader_config.py").read_text() + (PLAIN if plain else "")
    (root / "nbgrader_config.py").write_text(config)
    command = ["nbgrader", "generate_assignment", assignment, "--force"]
    subprocess.run(command, cwd=root, check=True, capture_output=True, env=environment())
    hand_in(root, assignment, students)


def environment() -> dict[str, str]:
    bin_ = str(Path(sys.executable).parent)
    pinned = dict.fromkeys(["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"], "1")
    return os.environ | pinned | {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}


class Memory(threading.Thread):
    """Samples the memory of a process tree, of kernels and of everything else."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.most, self.over = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            total = 0
            for pid in below(self.pid):
                try:
                    command = Path(f"/proc/{pid}/cmdline").read_bytes()
                    parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
                    above = Path(f"/proc/{parent}/cmdline").read_bytes()
                    if b"zygote.py" in command and above == command and b"bwrap" not in above[:9]:
                        continue  # a kernel: forked from the zygote, so with its command line
                    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                        total += int(line.split()[1]) * 1024 if line.startswith("Pss:") else 0
                except (OSError, IndexError):
                    pass
            self.most = max(self.most, total)


def timed(command: list[str], course: Path) -> dict:
    """Run a command; its time, the CPU time of it and all below it, and its memory."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", WHOLE, *command],
        cwd=course,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    memory = Memory(process.pid)
    memory.start()
    said = process.communicate()[0].decode()
    memory.over.set()
    memory.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": time.monotonic() - started, "cpu": cpu, "memory": memory.most}


def scores(course: Path, assignment: str, student: str) -> dict[str, float | None]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        found = gradebook.find_submission(assignment, student)
        return {g.name: g.auto_score for n in found.notebooks for g in n.grades}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--assignment", default="a1_training")
    options.add_argument("--students", type=int, default=64)
    options.add_argument("--plain", type=int, help="how many of them plain nbgrader grades (all)")
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--repeat", type=int, default=3, help="with --students 1: how often")
    given = options.parse_args()
    if given.students == 1:
        return cold(given.assignment, given.repeat)
    name, plain_students = given.assignment, given.plain or given.students
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder)
        lines, ours, plain = [], {}, root / "plain"
        make_course(plain, name, 0, plain=True)
        ends = [plain_students * (i + 1) // (len(given.jobs) + 1) for i in range(len(given.jobs))]
        parts = [grade_plain(plain, name, 0, ends[0])]
        for jobs, first, last in zip(given.jobs, ends, [*ends[1:], plain_students], strict=True):
            course = root / f"jobs-{jobs}"
            make_course(course, name, given.students, plain=False)
            command = [sys.executable, "-m", "grading", "autograde", name, "--course", str(course)]
            used = timed([*command, "--jobs", str(jobs), "--quiet"], course)
            ours[jobs] = course
            lines.append((f"this package, {jobs} worker{'s' * (jobs > 1)}", given.students, used))
            parts.append(grade_plain(plain, name, first, last))
        whole = {key: sum(part[key] for part in parts) for key in ("seconds", "cpu")}
        lines.append(("plain nbgrader", plain_students, whole))
        table(lines)
        different = compare(ours, plain, name, plain_students)
        overhead(ours, name)
    return 1 if different else 0


def cold(name: str, repeat: int) -> int:
    """One submission from nothing, by turns; medians side by side."""
    used: dict[str, list[dict]] = {"plain nbgrader": [], "this package": []}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for number in range(repeat):
            plain, ours = Path(folder) / f"plain-{number}", Path(folder) / f"ours-{number}"
            make_course(plain, name, 0, plain=True)
            make_course(ours, name, 1, plain=False)
            command = [sys.executable, "-m", "grading", "autograde", name, "--course", str(ours)]
            used["this package"].append(timed([*command, "--jobs", "1", "--quiet"], ours))
            used["plain nbgrader"].append(grade_plain(plain, name, 0, 1))
    print(
        f"{'one submission, from nothing':30}{'seconds':>10}{'CPU seconds':>14}   medians of {repeat}"
    )
    middle = {
        (label, key): statistics.median(each[key] for each in found)
        for label, found in used.items()
        for key in ("seconds", "cpu")
    }
    for label in used:
        print(f"{label:30}{middle[label, 'seconds']:>10.1f}{middle[label, 'cpu']:>14.1f}")
    parts = [middle["this package", k] / middle["plain nbgrader", k] for k in ("seconds", "cpu")]
    print(f"{'ratio':30}{parts[0]:>10.2f}{parts[1]:>14.2f}")
    return 0


def grade_plain(course: Path, name: str, first: int, last: int) -> dict:
    """Plain nbgrader on the students from ``first`` to before ``last``, as `timed` gives it."""
    hand_in(course, name, last, first)
    return timed(["nbgrader", "autograde", name, "--log-level=ERROR"], course)


def table(lines: list[tuple[str, int, dict]]) -> None:
    students, plain = lines[-1][1:]
    rate, cpu = students / plain["seconds"], plain["cpu"] / students
    print(
        f"{'':26}{'class':>7}{'minutes':>9}{'a minute':>10}{'times':>7}{'CPU s each':>12}{'times':>7}"
    )
    for label, n, used in lines:
        own, each = n / used["seconds"], used["cpu"] / n
        print(
            f"{label:26}{n:>7}{used['seconds'] / 60:>9.1f}{own * 60:>10.1f}{own / rate:>7.1f}"
            f"{each:>12.2f}{cpu / each:>7.1f}"
        )
    for label, _, used in lines[:-1]:
        print(f"{label}: {used['memory'] / 2**20:.0f} MiB besides the kernels")


def compare(ours: dict[int, Path], plain: Path, name: str, students: int) -> int:
    different = items = 0
    for number in range(students):
        student = f"student-{number:03}"
        right = scores(plain, name, student)
        for course in ours.values():
            mine = scores(course, name, student)
            items += len(right)
            different += sum(mine[item] != right[item] for item in right)
    print(f"scores: {items - different} of {items} items equal plain nbgrader's")
    return different


def overhead(ours: dict[int, Path], name: str) -> None:
    from grading.course import Course

    for jobs, course in ours.items():
        states = Course(course).states(name).values()
        beyond = [detail["seconds"] - detail["cell_seconds"] for detail in states]
        middle = statistics.median(beyond)
        print(f"{jobs} worker(s): {middle:.2f} s a submission beyond its own cells (median)")


if __name__ == "__main__":
    sys.exit(main())
