"""The life of a kernel in the sandbox: numbered requests, waits that end, limits that are counted."""

import os
import secrets
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from test_grading import ROOT, needs_sandbox

from grading import cgroup, doctor, patience, sandbox
from grading.attempts import HOLDERS
from grading.limits import Limits
from grading.patience import Patience
from grading.running import extent
from grading.sandbox import Sandbox
from grading.scratch import SandboxError

INFO = {"transport": "ipc", "signature_scheme": "hmac-sha256"}
INFO |= {f"{n}_port": i for i, n in enumerate(("shell", "iopub", "stdin", "control", "hb"), 1)}
LIMITS = {"memory_mb": 256, "disk_mb": 48, "file_mb": 32, "processes": 16, "preload": []}


def launch(box: Sandbox) -> int:
    return box.launch(INFO | {"key": secrets.token_hex(16)}, {})


@pytest.fixture(scope="module")
def shared():
    box = Sandbox(Limits(**LIMITS), [])
    yield box
    box.close()


@needs_sandbox
def test_one_warm_process_serves_all_submissions(shared):
    """Each submission's preprocessor brings Limits of its own: equal ones need no new sandbox."""
    assert shared.fits(Limits(parent=Limits(), **LIMITS), [])
    assert not shared.fits(Limits(**{**LIMITS, "memory_mb": 257}), [])


@needs_sandbox
def test_second_answer_is_not_taken_for_the_next_kernels(shared):
    """The kernel dies while the worker asks for its end: two answers, of which one is read."""
    launch(shared)
    first = shared.kernel
    shared.signal(signal.SIGKILL)
    assert select.select([shared.control], [], [], 60)[0]  # it has said so, and nobody listened
    shared._send("end", kernel=first)
    assert shared.poll()["why"] == "died"
    shared._send("end", kernel=first)
    assert isinstance(launch(shared), int)
    assert shared.waited() >= 0 and shared.poll() is None
    assert shared.end()["why"] == "ended" and shared.sound


@needs_sandbox
def test_kernel_that_was_stopped_goes_on(shared):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP); print('RESULT 7')"
    assert doctor.kernel(shared, code) == 7


@needs_sandbox
def test_sandbox_that_does_not_answer_is_given_up(monkeypatch):
    box = Sandbox(Limits(**LIMITS), [])
    try:
        launch(box)
        for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if str(box.scratch.root).encode() in command:  # bubblewrap
                stopped = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(int(stopped[0]), signal.SIGSTOP)  # process 1 of the sandbox
        for name in ("LAUNCH_SECONDS", "END_SECONDS"):
            monkeypatch.setattr(sandbox, name, 0.5)
        monkeypatch.setattr(os, "getloadavg", lambda: (8.0 * os.cpu_count(), 0, 0))  # busy
        with pytest.raises(SandboxError, match="did not answer: not within 2 s"):
            box.waited()
        assert box.end()["why"] == "sandbox" and not box.sound
        with pytest.raises(SandboxError, match="did not answer"):
            launch(box)
    finally:
        box.close()
    assert not box.scratch.root.exists()


@pytest.fixture(scope="module", params=["with a control group", "without"])
def limited(request, shared):
    if request.param == "without":
        box = Sandbox(Limits(**LIMITS), [], group=False)
        yield box
        box.close()
    elif shared.group is None:
        pytest.skip("no control group can be made here")
    else:
        yield shared


@needs_sandbox
@pytest.mark.parametrize("what", HOLDERS)
def test_nothing_holds_more_than_the_limit(what, limited):
    """Without a group memory is looked at: how much a fast processor fills between two looks
    is bounded by the addresses of a process only."""
    if (bound := doctor.allowed(limited, Limits(**LIMITS), what)) is None:
        pytest.skip("nothing but a look bounds it without a control group")
    most, _ = doctor.held(limited, HOLDERS[what])
    assert most <= bound


@needs_sandbox
def test_deep_closed_and_long_named_folders_are_emptied(shared):
    deep = "import os\nfor _ in range(2000): os.mkdir('d'); os.chdir('d')\nopen('f', 'w')"
    closed = "\nos.chdir('/grade'); os.makedirs('a/b'); open('a/b/c', 'w'); os.chmod('a', 0)"
    doctor.kernel(shared, deep + closed)
    assert doctor.kernel(shared, "import os; print('RESULT', len(os.listdir('/grade')))") == 0


def test_patience_counts_no_time_without_a_processor(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])

    class Box:
        has_waited = 0.0

        def waited(self) -> float:
            return 0.8 * now[0]

    starved, idle = Patience(10, Box()), Patience(10, None)
    now[0] = 30.0
    assert idle.over() and not starved.over()
    now[0] = 51.0
    assert starved.over()  # there is an end to it
    Box.has_waited = 400.0  # by a cell before this one
    now[0] = 500.0
    later = Patience(10, Box())
    now[0] = 520.0
    assert not later.over()
    now[0] = 551.0
    assert later.over()


FIRST = """\
32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
38 31 0:35 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids"""
SECOND = "35 31 0:32 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"


def test_where_a_group_can_be_made():
    (found,) = cgroup.candidates(FIRST, "5:pids:/\n4:memory:/a/b\n1:cpu:/\n")
    assert found == {
        "memory": Path("/sys/fs/cgroup/memory/a/b"),
        "pids": Path("/sys/fs/cgroup/pids"),
    }
    found = cgroup.candidates(SECOND, "0::/user.slice/app.slice/x.scope\n")
    assert [str(each["memory"]) for each in found] == [
        "/sys/fs/cgroup/user.slice/app.slice/x.scope",
        "/sys/fs/cgroup/user.slice/app.slice",
        "/sys/fs/cgroup/user.slice",
        "/sys/fs/cgroup",
    ]
    assert cgroup.candidates("", "") == []


def test_second_version_is_told_the_limits(tmp_path):
    """On a folder that is none: what is written where."""
    group = cgroup.Group(dict.fromkeys(cgroup.V2, tmp_path), 1 << 20, 7)
    (folder,) = set(group.folders.values())
    assert (folder / "memory.max").read_text() == str(1 << 20)
    assert (folder / "pids.max").read_text() == "7"
    (folder / "memory.events").write_text("oom 3\noom_kill 2\n")
    assert group.kills() == 2


def test_extent_of_a_nested_message():
    deep = "x" * 10
    for _ in range(5000):
        deep = [deep]
    assert extent(deep) == (10, 5000)
    assert extent({"ab": ["cde", 1]}) == (2 + 3 + 8, 2)


@needs_sandbox
def test_neighbours_of_a_disturbed_kernel_get_their_marks():
    """A sample of what benchmarks/sweep.py does 500 times."""
    words = [sys.executable, str(ROOT / "benchmarks" / "sweep.py"), "--sweeps", "3", "--first", "9"]
    result = subprocess.run(words, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "3 sweeps: 0 in which" in result.stdout
