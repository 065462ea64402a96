"""The sandbox itself: the doctor's attempts, other ways to run, the gradebook's other database."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import classroom
import commands
import pytest
from classroom import ASSIGNMENT, answer, hand_in, marks, solve
from test_grading import ROOT, needs_sandbox, run, states
from test_grading_exchange import PENALTY, check_penalty, hand_in_late

from grading import doctor, seccomp
from grading.limits import Limits


def python(code: str, **more) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, **more
    )


def test_needs_neither_torch_nor_the_helpers():
    code = """
import sys
sys.modules.update(torch=None, helpers=None)
import grading.__main__, grading.driver, grading.report, grading.feedback, grading.doctor
"""
    result = python(code)
    assert result.returncode == 0, result.stderr


@needs_sandbox
def test_refuses_to_grade_when_what_the_tests_rely_on_cannot_be_imported(tmp_path):
    """Else every test would fail, and every student get 0 for it."""
    missing = "c.Limits.shared = ['no_such_module']"
    course = classroom.make_course(tmp_path / "course", extra=missing)
    hand_in(course, "right", solve(course))
    result = run("autograde", course)
    assert result.returncode == 2
    assert "no_such_module" in result.stderr and "nothing was graded" in result.stderr


@needs_sandbox
def test_doctor_finds_nothing(tmp_path):
    result = run("doctor", classroom.make_course(tmp_path / "course"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "NOT PREVENTED" not in result.stdout
    assert result.stdout.count("prevented\n") >= 20


ALLOWED = [  # attempts that succeed outside of a sandbox, whoever runs them
    "reach a server on this machine",
    "reach an abstract socket of this machine",
    "read the gradebook, sources and other submissions",
    "read another file of this machine's /tmp",
    "find a secret in the environment",
    "gain privileges through a set-user-ID program",
    "take more memory than its limit",
]


@pytest.mark.parametrize("what", ALLOWED)
def test_doctor_notices_where_nothing_is_prevented(what, tmp_path):
    """The same attempt, run without a sandbox, must be found out."""
    (tmp_path / "gradebook.db").touch()
    limits = Limits(memory_mb=-1000, file_mb=0)
    body = "\n".join("    " + line for line in doctor.ATTEMPTS[what].strip().splitlines())
    with doctor._listeners() as where:
        given = doctor._given(
            [tmp_path / "gradebook.db"], tmp_path / "gradebook.db", "WORD", "x" * 30, limits
        )
        (tmp_path / "gradebook.db").write_text("secret")
        code = doctor.PRELUDE.format(given=json.dumps(given | where), body=body)
        result = python(code, env=os.environ | {"WORD": "x" * 30})
    assert "RESULT" in result.stdout, result.stderr
    assert json.loads(result.stdout.partition("RESULT")[2]) is not None


def test_refuses_without_bubblewrap(tmp_path):
    course = classroom.make_course(tmp_path / "course")
    hand_in(course, "right", solve(course))
    folder = tmp_path / "bin"
    folder.mkdir()
    code = "import sys; from grading.__main__ import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", code, "autograde", ASSIGNMENT, "--course", str(course)]
    environment = os.environ | {"PATH": str(folder)}
    refused = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "bubblewrap is missing; install it" in refused.stderr
    assert "--no-isolation" in refused.stderr and "Traceback" not in refused.stderr
    assert not (course / "autograded").exists()


def test_no_isolation_is_said_in_the_report(tmp_path):
    without = "import os\nos.environ['PYTHONOPTIMIZE'] = '1'"  # would leave tests no assertions
    course = classroom.make_course(tmp_path / "course", extra=without)
    hand_in(course, "right", solve(course, answer(add="return 0")))
    result = run("autograde", course, "--no-isolation")
    assert result.returncode == 0, result.stderr
    assert "warning: no isolation" in result.stderr
    right = {"test-add": 0, "test-mean": 3, "test-part": 0.5, "essay": None}
    assert marks(course, "right") == right
    assert states(course)["right"]["isolated"] is False
    assert "WITHOUT isolation" in run("report", course).stdout


@needs_sandbox
def test_together_is_said_in_the_report(tmp_path):
    course = classroom.make_course(tmp_path / "course", extra="c.Limits.together = True")
    hand_in(course, "right", solve(course))
    hand_in(course, "forged", solve(course, answer(mean="# near\nnear = lambda *a: True")))
    assert run("autograde", course).returncode == 0
    assert marks(course, "right")["test-mean"] == 3
    assert states(course)["right"]["apart"] is False
    assert "TOGETHER" in run("report", course).stdout
    assert "TOGETHER" in doctor.arrangement(course)


@needs_sandbox
def test_modules_of_the_assignment_are_its_own_in_tests(tmp_path, monkeypatch):
    """Handed in, or written while a cell runs: what lies in the student's folder is not imported."""
    setup = classroom.SETUP.partition("\n\n\n")
    monkeypatch.setattr(classroom, "SETUP", setup[0] + "\nfrom tools import near")
    course = classroom.make_course(tmp_path / "course")
    (course / "source" / ASSIGNMENT / "tools.py").write_text(setup[2])
    fake = "def near(a, b): return True"
    wrong = f"# fake\nopen('tools.py', 'w').write({fake!r})\ndef mean(x): return 7"
    folder = hand_in(course, "wrong", solve(course, answer(mean=wrong)))
    (folder / "tools.py").write_text(fake)
    hand_in(course, "right", solve(course))
    assert run("autograde", course).returncode == 0
    assert marks(course, "wrong")["test-mean"] == 0 and marks(course, "right")["test-mean"] == 3


@needs_sandbox
def test_plain_nbgrader_uses_the_sandbox(tmp_path):
    """The formgrader's button runs this very code (nbgrader.apps.api.NbGraderAPI.autograde)."""
    course = classroom.make_course(tmp_path / "course", extra=PENALTY)
    hand_in_late(course)
    look = "# look\nimport os\nprint('SEEN', os.path.exists(PATH))\n"
    look = look.replace("PATH", repr(str(course / "gradebook.db")))
    hand_in(course, "right", solve(course, answer(add=look + "def add(a, b): return a + b")))
    hand_in(course, "dies", solve(course, answer(mean="import os; os._exit(3)")))
    hand_in(course, "twice", twice := solve(course))
    twice.cells.append(classroom.find(twice, "test-add"))
    hand_in(course, "twice", twice)
    code = f"""
from nbgrader.apps import AutogradeApp
app = AutogradeApp()
app.initialize(["{ASSIGNMENT}", "--log-level=ERROR"])
app.start()
"""
    bin_ = str(Path(sys.executable).parent)
    path = {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}
    words = [sys.executable, "-c", code]
    result = subprocess.run(
        words, cwd=course, env=os.environ | path, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    text = (course / "autograded" / "right" / ASSIGNMENT / "work.ipynb").read_text()
    assert "SEEN False" in text and "SEEN True" not in text
    assert marks(course, "twice")["test-add"] == 2
    found = states(course)
    assert found["dies"]["state"] == "graded in part" and found["dies"]["isolated"] is True
    check_penalty(course)
    hand_in(course, "twice", solve(course, answer(add="return 0")))
    assert "1 done, 4 had been graded before" in run("autograde", course).stdout
    assert marks(course, "twice")["test-add"] == 0


@needs_sandbox
def test_scores_equal_plain_nbgraders(tmp_path):
    kinds = [
        answer(),
        answer(add="return a - b"),
        answer(mean="return 2"),
        answer(add="return b + b", mean="raise ValueError(x)"),
    ]
    ours, plain = (classroom.make_course(tmp_path / name) for name in ("ours", "plain"))
    config = (plain / "nbgrader_config.py").read_text().replace("guard(c)", "")
    (plain / "nbgrader_config.py").write_text(config)
    for course in (ours, plain):
        for number, kind in enumerate(kinds):
            hand_in(course, f"s{number}", solve(course, kind))
    assert run("autograde", ours).returncode == 0
    words = ["autograde", ASSIGNMENT, "--log-level=ERROR"]
    assert commands.run(*words, nbgrader_in=plain).returncode == 0
    for number in range(len(kinds)):
        assert marks(ours, f"s{number}") == marks(plain, f"s{number}")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_system_call_filter_jumps_stay_inside(machine):
    code = seccomp.program(machine)
    count = len(code) // 8
    assert len(code) % 8 == 0 and count < 4096
    for place in range(count):
        yes, no = code[8 * place + 2], code[8 * place + 3]
        assert place + 1 + max(yes, no) < count or code[8 * place] == seccomp.RETURN
    assert seccomp.program("z80") is None


def filtered(machine, name, *arguments):
    """What the filter returns for a call, by running its program."""
    column, audit, _ = seccomp.ARCHITECTURES[machine]
    number = (seccomp.REFUSED | seccomp.UNLESS_0)[name][column]
    data = struct.pack("<IIQ6Q", number, audit, 0, *arguments, *[0] * (6 - len(arguments)))
    place, held = 0, 0
    lines = list(struct.iter_unpack("<HBBI", seccomp.program(machine)))
    while True:
        (kind, yes, no, value), place = lines[place], place + 1
        if kind == seccomp.RETURN:
            return value
        if kind == seccomp.LOAD:
            (held,) = struct.unpack_from("<I", data, value)
        else:
            met = {seccomp.EQUAL: held == value, seccomp.AT_LEAST: held >= value}
            place += yes if met.get(kind, held & value) else no


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_process_but_ones_own_can_be_slowed_down(machine):
    assert filtered(machine, "setpriority", 0, 0, 19) == seccomp.ALLOW
    assert filtered(machine, "prlimit64", 0, 7) == seccomp.ALLOW
    assert filtered(machine, "sched_setaffinity", 0, 8) == seccomp.ALLOW
    for call in [("setpriority", 0, 1, 19), ("setpriority", 2, 0, 19), ("setpriority", 1, 0, 19)]:
        assert filtered(machine, *call) == seccomp.REFUSE
    for name in ("prlimit64", "sched_setaffinity", "ioprio_set"):
        assert filtered(machine, name, 1, 7) == seccomp.REFUSE
    assert filtered(machine, "sched_setscheduler", 7, 0) == seccomp.ALLOW
    assert filtered(machine, "sched_setscheduler", 0, 5) == seccomp.REFUSE
