"""A class graded by the workers of a Dask scheduler, some of which are lost on the way."""

import functools
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import dask_here
import pytest
from classroom import ASSIGNMENT, answer, hand_in, make_course, marks, solve
from dask_here import until
from test_grading import ROOT, needs_sandbox

from grading import cluster, driver
from grading.course import Course, CourseError
from grading.scratch import SetupError
from grading.worker import Job, definition

FULL = {"test-add": 2.0, "test-mean": 3.0, "test-part": 2.0, "essay": None}
NAME = f"course{os.getpid()}"  # of a network namespace, which is another machine to Dask
HERE, THERE = (f"10.213.{os.getpid() % 250}.{end}" for end in (1, 2))
CABLE = f"cable{os.getpid()}"
NETWORK = f"""\
netns add {NAME}
link add {CABLE} type veth peer name there netns {NAME}
addr add {HERE}/30 dev {CABLE}
link set {CABLE} up
-n {NAME} addr add {THERE}/30 dev there
-n {NAME} link set there up
-n {NAME} link set lo up"""


def ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True, capture_output=True)


@pytest.fixture(scope="module")
def network():
    """The address of this machine where a second one can be made, which root alone can."""
    try:
        if os.geteuid() or not all(map(shutil.which, ("ip", "nsenter"))):
            yield "127.0.0.1"
            return
        for command in NETWORK.splitlines():
            ip(command)
        yield HERE
    except subprocess.CalledProcessError:  # in a container that may not
        yield "127.0.0.1"
    finally:
        subprocess.run(["ip", "netns", "del", NAME], capture_output=True)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory, network):
    """Its address; a worker that stops answering is soon given up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL", "30 s")
        with dask_here.scheduler(tmp_path_factory.mktemp("dask"), network) as address:
            yield address


@pytest.fixture(scope="module")
def workers(scheduler, network):
    """Three, and one on a machine of its own; the first test that asks for them leaves one."""
    where = [{"host": network}] * 3
    if network == HERE:
        where.append({"host": THERE, "inside": ("nsenter", f"--net=/run/netns/{NAME}")})
    with dask_here.workers(scheduler, *where) as processes:
        yield processes


def autograde(root: Path, address: str, *more: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "grading", "autograde", ASSIGNMENT, "--course", str(root)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*command, "--scheduler", address, *more], cwd=ROOT, **pipes)


@pytest.fixture
def course(tmp_path):
    root = make_course(tmp_path / "course")
    for number in range(6):
        slow = f"#\nimport time\ntime.sleep(1)\nadd = lambda a, b: a + b  # {number}"
        hand_in(root, f"right{number}", solve(root, answer(add=slow)))
    own = "#\nfrom mine import add"
    folder = hand_in(root, "own", solve(root, answer(add=own)))
    (folder / "mine.py").write_text("def add(a, b):\n    return a + b\n")
    (folder / "link").symlink_to("/etc/passwd")
    hand_in(root, "wrong", solve(root, answer(mean="return 0")))
    hand_in(root, "broken", "no notebook")
    (root / "submitted" / "linked").mkdir()
    (root / "submitted" / "linked" / ASSIGNMENT).symlink_to("/etc")
    return root


@needs_sandbox
def test_wrong_use_is_said_and_nothing_is_graded(course, scheduler, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    found = Course(course)
    plan = found.plan(ASSIGNMENT)
    with pytest.raises(CourseError, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        cluster.Cluster("tcp://127.0.0.1:9", False, plan, b"", 1)
    with pytest.raises(CourseError, match="has no workers; start some: `dask worker"):
        cluster.Cluster(scheduler, False, plan, b"", 1)
    with found.gradebook() as gradebook:
        known = definition(gradebook, plan)
    station = cluster.Station("x", "grading of yesterday", plan, known, cluster.pack(plan.source))
    station.setup(SimpleNamespace(address="tcp://somewhere"))
    try:
        job = Job("ana", course / "submitted/own" / ASSIGNMENT, course / "autograded/new")
        with pytest.raises(SetupError, match="tcp://somewhere is of another version"):
            station.grade(job, None)
    finally:
        station.teardown(None)
    assert not (course / "autograded").exists() and not Course(course).states(ASSIGNMENT)


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1:x", "http://a:1"])
def test_what_is_no_address_of_a_scheduler_is_said(address):
    before = set(threading.enumerate())
    with pytest.raises(CourseError, match=f"no Dask scheduler answers at {address}"):
        cluster.Cluster(address, False, None, b"", 1)
    assert set(threading.enumerate()) <= before, "a client half made, which ends when it likes"


def test_a_worker_with_threads_is_refused():
    made = object.__new__(cluster.Cluster)
    made.client = SimpleNamespace(nthreads=lambda: {"tcp://one": 1, "tcp://wide": 2})
    with pytest.raises(CourseError, match="tcp://wide has threads; start some: `dask worker"):
        made._look_at_workers("tcp://somewhere")


OTHERS = [
    ("# of yesterday", "is of another version.*Install the same on both"),
    ("raise ImportError('none')", "cannot take the assignment .*ImportError.*install the same"),
]


@needs_sandbox
@pytest.mark.parametrize("line, says", OTHERS)
def test_a_worker_of_another_version_is_refused(
    course, scheduler, network, monkeypatch, line, says
):
    other = course.parent / "other" / "grading"
    shutil.copytree(ROOT / "grading", other)
    with open(other / "__init__.py", "a") as file:
        file.write(line)
    monkeypatch.setenv("PYTHONPATH", str(other.parent))
    engine = functools.partial(cluster.Cluster, scheduler, False)
    with dask_here.workers(scheduler, {"host": network}):
        with pytest.raises((CourseError, SetupError), match=says):
            driver.autograde(Course(course), ASSIGNMENT, quiet=True, engine=engine)
    with cluster.Client(scheduler) as client:
        until(lambda: not client.nthreads())
    assert not (course / "autograded").exists() and not Course(course).states(ASSIGNMENT)


@needs_sandbox
@pytest.mark.parametrize("files", [[], ["--shared"]], ids=["sent", "shared"])
def test_everybody_gets_their_marks_once_though_workers_are_lost(course, scheduler, workers, files):
    run, graded = autograde(course, scheduler, *files), course / "autograded"
    if not files:
        until(lambda: graded.exists() and len(list(graded.iterdir())) >= 2, run)
        workers[0].kill()
        workers[1].send_signal(signal.SIGSTOP)
        if workers[3:]:
            ip(f"link set {CABLE} down")
    said, errors = run.communicate()
    assert run.returncode == 1 and "10 done" in said, errors  # two handed in no notebook
    assert "not understood" not in errors and "broken: not gradable" in errors
    right = [f"right{number}" for number in range(6)]
    assert [marks(course, name) for name in [*right, "own"]] == [FULL] * 7
    assert marks(course, "wrong") == FULL | {"test-mean": 0.0}
    assert (graded / "own" / ASSIGNMENT / "mine.py").is_file()
    assert not os.path.lexists(graded / "own" / ASSIGNMENT / "link")
    states = Course(course).states(ASSIGNMENT)
    assert states["linked"]["state"] == "not gradable" and len(states) == 10
    assert "'link' is a link" in states["own"]["notes"][0]
    if files:
        return
    if workers[3:]:
        ip(f"link set {CABLE} up")  # what the worker was at may still arrive
    again = autograde(course, scheduler)  # what was graded elsewhere is graded
    assert "0 done, 10 had been graded before" in again.communicate()[0]


def test_a_folder_travels_with_its_links_and_of_other_assignments_the_notebooks_alone(tmp_path):
    folder, other = tmp_path / "source", tmp_path / "arrived"
    for name in ("a1/a1.ipynb", "a1/data/x.csv", "a2/a2.ipynb", "a2/data/y.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "a1" / "up").symlink_to("../..")
    cluster.unpack(cluster.pack(folder, {"a2"}), other, links=True)
    files = {str(path.relative_to(other)) for path in other.rglob("*") if path.is_file()}
    assert files == {"a1/a1.ipynb", "a1/data/x.csv", "a2/a2.ipynb"}
    assert os.readlink(other / "a1" / "up") == "../.."
    cluster.unpack(cluster.pack(folder), tmp_path / "plain")
    assert not os.path.lexists(tmp_path / "plain" / "a1" / "up")
    assert (tmp_path / "plain/a2/data/y.csv").read_text() == "a2/data/y.csv"


def test_what_a_linked_folder_leads_to_is_not_sent(tmp_path):
    (tmp_path / "linked").symlink_to("/etc")
    with tarfile.open(fileobj=io.BytesIO(cluster.pack(tmp_path / "linked"))) as file:
        assert [(entry.name, entry.issym()) for entry in file] == [("linked", True)]


def test_what_would_lie_elsewhere_is_left_out(tmp_path):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as file:
        for name in ("../out", str(tmp_path / "out"), "a/../../out", "in"):
            file.addfile(tarfile.TarInfo(name))
    cluster.unpack(packed.getvalue(), tmp_path / "there")
    assert [path.name for path in tmp_path.rglob("*")] == ["there", "in"]


def test_what_cannot_be_read_costs_that_submission_only(tmp_path):
    made = object.__new__(cluster.Cluster)
    made.client = SimpleNamespace(nthreads=lambda: {"tcp://somewhere": 1})
    made.tasks, made.unsent, made.seen, made.shared = {}, [], time.monotonic(), False
    waiting = [Job("ana", tmp_path / "gone", tmp_path / "new")]
    made.hand_out(waiting)
    assert made.busy and not waiting
    ((job, why),) = made.answers()
    assert job.student == "ana" and "its files cannot be sent" in str(why) and not made.busy
