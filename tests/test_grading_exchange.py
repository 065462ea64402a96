"""Late work, and feedback that goes back through the exchange."""

from pathlib import Path

import classroom
import commands
from classroom import ASSIGNMENT, hand_in, marks, solve
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash
from test_grading import needs_sandbox, run, states

PENALTY = "c.LateSubmissionPlugin.penalty_method = 'zero'"


def hand_in_late(course: Path) -> None:
    """The work of two students, of whom one is late."""
    with Gradebook(f"sqlite:///{course}/gradebook.db", "bench") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2026-01-10 00:00:00")
    for student, day in [("early", 9), ("late", 11)]:
        folder = hand_in(course, student, solve(course))
        (folder / "timestamp.txt").write_text(f"2026-01-{day:02} 12:00:00.000000 UTC")


def check_penalty(course: Path) -> None:
    found = states(course)
    assert found["early"]["score"] == 7 and found["late"]["score"] == 0
    assert marks(course, "late")["test-mean"] == 3


@needs_sandbox
def test_late_work_is_penalised(tmp_path):
    course = classroom.make_course(tmp_path / "course", extra=PENALTY)
    hand_in_late(course)
    assert run("autograde", course).returncode == 0
    check_penalty(course)


@needs_sandbox
def test_feedback_is_released_through_the_exchange(tmp_path):
    """Of everyone whose work came through it, whatever others handed in."""
    exchange = tmp_path / "exchange"
    (exchange / "bench").mkdir(parents=True)
    settings = f"c.Exchange.root = {str(exchange)!r}"
    course = classroom.make_course(tmp_path / "course", extra=settings)
    for student in ("right", "junk"):
        folder = hand_in(course, student, solve(course) if student == "right" else "{")
        (folder / "timestamp.txt").write_text("2026-01-15 12:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text(f"secret of {student}")
    hand_in(course, "by_mail", solve(course))
    run("autograde", course)
    assert run("feedback", course).returncode == 0
    words = ["release_feedback", ASSIGNMENT, "--course", "bench"]
    result = commands.run(*words, nbgrader_in=course)
    assert result.returncode == 0, result.stderr
    released = {page.name for page in (exchange / "bench" / "feedback").iterdir()}
    for student in ("right", "junk"):
        secret = notebook_hash(secret=f"secret of {student}", notebook_id="work")
        assert f"{secret}.html" in released
