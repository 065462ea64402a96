"""The sandbox itself: the doctor's attempts, other ways to run, the gradebook's other database."""

import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import classroom
import pytest
from classroom import ASSIGNMENT, answer, hand_in, marks, solve
from nbformat.v4 import new_code_cell, new_notebook
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from test_grading import (
    PENALTY,
    ROOT,
    check_penalty,
    hand_in_late,
    needs_sandbox,
    run,
    states,
)

from grading import cells, doctor, lines, seccomp
from grading import marks as marking
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
    course = classroom.make_course(tmp_path / "course")
    hand_in(course, "right", solve(course))
    result = run("autograde", course, "--no-isolation")
    assert result.returncode == 0, result.stderr
    assert "warning: no isolation" in result.stderr
    assert marks(course, "right")["test-mean"] == 3
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
    bin_ = Path(sys.executable).parent
    words = [str(bin_ / "nbgrader"), "autograde", ASSIGNMENT, "--log-level=ERROR"]
    subprocess.run(words, cwd=plain, check=True, capture_output=True)
    for number in range(len(kinds)):
        assert marks(ours, f"s{number}") == marks(plain, f"s{number}")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("0.5", 0.5), ("-2", -2), ("1e-3", 1e-3), ("np.float64(0.5)", 0.5), ("1.", 1)]
    + [("tensor(1.)", 1), ("tensor(0.5000, dtype=torch.float64)", 0.5), (["0", ".5"], 0.5)]
    + [
        (text, None)
        for text in ("nan", "inf", "True", "'1'", "[1]", "1+0j", "", "tensor([1.])", None)
    ]
    + [("tensor(nan)", None), ("np.float64(inf)", None), ("1e999", None)],
)
def test_number_displayed(text, value):
    assert marking.number(text) == value


def test_mark_of_a_test():
    assert marking.score_of("assert True", [], 3, False) == (3, "")
    assert marking.score_of("assert True", [], 3, True) == (0, "")
    assert marking.score_of("x = 1\nx", ["1.5"], 3, False) == (1.5, "")
    assert marking.score_of("check(f)", [], 3, False) == (3, "")
    assert marking.score_of("x", ["3.5"], 3, False)[0] == 0
    assert marking.score_of("assert f()", ["3"], 3, True)[0] == 0
    assert marking.score_of("assert f()", ["0"], 3, False)[0] == 3


def test_what_a_test_relies_on():
    source = (
        "import numpy as np\nfrom torch.nn import functional as F\nx = near(np.ones(2), F.relu(y))"
    )
    assert cells.imports(source) == {"numpy", "torch.nn"}
    assert cells.free(source) == ["near", "y"]
    assert cells.shows_value("1 + 1") and not cells.shows_value("1 + 1;")
    assert not cells.shows_value("x = 1") and cells.shows_value("not Python (")


def test_names_that_a_test_takes_from_the_answers():
    test = "def check(f, x=start):\n    for H in range(3): return [f(p, H) for p in sizes]\n"
    assert cells.free(test + "%time check(g)\nnet = 1\nprint(net)") == [
        "check",
        "g",
        "sizes",
        "start",
        "time",
    ]
    assert cells.free("x = await f()") == ["f"] and cells.free("a = !ls (") == ["a", "ls"]


def test_lines_to_read_are_named():
    answer = new_code_cell("import sys\nx = 'a'  # gc\nfrom os import checks\nchecks = 1")
    answer.metadata["nbgrader"] = {"grade_id": "mine", "locked": False}
    test = new_code_cell("import gc", metadata={"nbgrader": {"grade_id": "t", "locked": True}})
    calm = new_code_cell("net.eval(); torch.compile(net); re.compile('x')")
    found = lines.to_read(new_notebook(cells=[answer, test, calm]))
    assert found == ["to be read in cell 'mine': line 3: from os import checks"]
    for line in (
        "sys.setprofile(None)",
        "import os, checks.rnn",
        "a = 1; from grading import cells",
    ):
        assert lines.to_read(new_notebook(cells=[new_code_cell(line)])), line


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_system_call_filter_jumps_stay_inside(machine):
    code = seccomp.program(machine)
    count = len(code) // 8
    assert len(code) % 8 == 0 and count < 4096
    for place in range(count):
        yes, no = code[8 * place + 2], code[8 * place + 3]
        assert place + 1 + max(yes, no) < count or code[8 * place] == seccomp.RETURN
    assert seccomp.program("z80") is None


# --- PostgreSQL --------------------------------------------------------------------------------


def postgres_tool(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


@pytest.fixture
def postgres(tmp_path):
    """A PostgreSQL server of our own on the loopback interface; its URL."""
    driver = next((n for n in ("psycopg", "psycopg2") if importlib.util.find_spec(n)), None)
    if driver is None:
        pytest.skip("no driver for PostgreSQL (psycopg or psycopg2) is installed")
    initdb, server = postgres_tool("initdb"), postgres_tool("postgres")
    if not initdb or not server:
        pytest.skip("no PostgreSQL server is installed")
    folder = tmp_path / "postgres"
    folder.mkdir()
    user = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        for parent in [folder, *folder.parents]:
            if parent.stat().st_mode & 0o005 != 0o005:
                if not parent.is_relative_to(tmp_path.parents[1]):
                    pytest.skip(f"{parent} is closed to the user that would run PostgreSQL")
                parent.chmod(parent.stat().st_mode | 0o055)
        os.chown(folder, 65534, 65534)
        user = {"user": 65534, "group": 65534, "extra_groups": []}
    data, words = folder / "data", ["--auth=trust", "--username=bench", "--no-sync"]
    subprocess.run(
        [initdb, "-D", data, *words], check=True, capture_output=True, cwd=folder, **user
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-k", str(folder)]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(
            [server, "-D", data, *options], stdout=log, stderr=log, cwd=folder, **user
        )
    url = f"postgresql+{driver}://bench@127.0.0.1:{port}/postgres"
    try:
        for _ in range(300):
            try:
                create_engine(url, poolclass=NullPool).connect().close()
                break
            except OperationalError:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # at once, whoever is still connected
        process.wait(60)


@needs_sandbox
def test_postgresql(tmp_path, postgres):
    course = classroom.make_course(
        tmp_path / "course", extra=f"c.CourseDirectory.db_url = {postgres!r}", db_url=postgres
    )
    hand_in(course, "right", solve(course))
    hand_in(course, "dies", solve(course, answer(mean="import os; os._exit(3)")))
    hand_in(course, "junk", "{")
    result = run("autograde", course)
    assert result.returncode == 1, result.stderr
    found = states(course)
    assert {name: row["state"] for name, row in found.items()} == {
        "right": "graded",
        "dies": "graded in part",
        "junk": "not gradable",
    }
    assert found["right"]["score"] == 7 and found["dies"]["score"] == 4
    assert "0 done, 3 had been graded before" in run("autograde", course).stdout
    assert not re.search("sqlite", result.stderr)
