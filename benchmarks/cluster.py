"""How many workers one driver keeps busy: a class graded by workers that only wait.

    python benchmarks/cluster.py --students 300 --seconds 3 --workers 1 2 8 32 128

Dask's scheduler and workers are threads of this process. Each task waits as long as a submission
would take and gives back what one gave that was graded; the driver packs each submission, unpacks
what comes and writes marks and outcome, as in a real run. What the driver itself takes for each
is the limit, however many workers there are.
"""

import argparse
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from classroom import ASSIGNMENT, hand_in, make_course, marks, solve  # noqa: E402
from distributed import LocalCluster  # noqa: E402

from grading import cluster, driver, outcomes  # noqa: E402
from grading.course import Course  # noqa: E402
from grading.todo import Summary  # noqa: E402
from grading.worker import Job  # noqa: E402

GIVEN = {}  # what one submission that was really graded gave


class Waiting(cluster.Cluster):
    """Workers that wait in place of grading."""

    def __init__(self, client, plan):
        self.client, self.plan, self.shared = client, plan, False
        self.limits = cluster.Limits(config=plan.config)
        self.tasks, self.unsent, self.seen, self.called = {}, [], time.monotonic(), "waiting"

    @staticmethod
    def task(called: str, job: Job, files: bytes):
        time.sleep(GIVEN["seconds"])
        return replace(GIVEN["result"], student=job.student), GIVEN["files"]


def jobs(course: Course, students: int) -> list[Job]:
    found = []
    for number in range(students):
        name = f"student{number:03}"
        folder = hand_in(course.root, name, solve(course.root))
        target = course.folder("autograded", name, ASSIGNMENT)
        target.parent.mkdir(parents=True, exist_ok=True)
        found.append(Job(name, folder, target.with_name(".new")))
    return found


def keep(course, plan, job, result) -> None:
    """Note what the one submission gave that is really graded, and write its marks."""
    GIVEN.update(result=result, files=cluster.pack(job.staging))
    driver.record(course, plan, job, result)


def measure(course: Course, plan, work: list[Job], count: int) -> None:
    where = {"n_workers": count, "threads_per_worker": 1, "processes": False, "memory_limit": None}
    with LocalCluster(**where, dashboard_address=None) as dask, dask.get_client() as client:
        client.wait_for_workers(count)
        summary, wall, own = Summary(), time.monotonic(), time.process_time()
        driver.grade(course, plan, Waiting(client, plan), work, summary, quiet=True)
        wall, own = time.monotonic() - wall, time.process_time() - own
    assert len(summary.done) == len(work) and not summary.failed
    rate, ideal = 60 * len(work) / wall, 60 * count / GIVEN["seconds"]
    print(
        f"| {count} | {wall:.0f} | {rate:.0f} | {rate / ideal:.0%} | {own / len(work):.3f} |",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=300)
    options.add_argument("--seconds", type=float, default=3, help="a submission takes a worker")
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2, 8, 32, 128])
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    try:
        course = Course(make_course(folder / "course"))
        plan, work = course.plan(ASSIGNMENT), jobs(course, given.students)
        driver.run(course, plan, work[:1], Summary(), quiet=True, keep=keep)
        GIVEN["seconds"] = given.seconds
        right = marks(course.root, work[0].student)
        print(
            "| workers | wall s | a minute | of what they could | CPU s of driver and Dask, each |"
        )
        print("|---|---|---|---|---|")
        for count in given.workers:
            shutil.rmtree(course.root / "autograded")
            for job in work:
                job.staging.parent.mkdir(parents=True)
            measure(course, plan, work, count)
            assert all(marks(course.root, job.student) == right for job in work)
            with course.gradebook() as gradebook:
                assert len(outcomes.read(gradebook.db, ASSIGNMENT)) == len(work)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
