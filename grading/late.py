"""What being late costs: nbgrader's due dates, extensions and plugin, with a share a day and a budget of days."""

import json
import math

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float, Int

from . import outcomes

DAY = 24 * 3600


class LateDays(LateSubmissionPlugin):
    """nbgrader's own ("none" or "zero"), and besides a share for each day that has begun."""

    per_day = Float(
        0.0, min=0.0, max=1.0, help="Share of the marks that each day late that has begun takes off"
    ).tag(config=True)
    budget = Int(
        0, min=0, help="Days late that cost a student nothing, of all assignments together"
    ).tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        if self.penalty_method != "none" or not self.per_day:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        return score * min(1.0, self.per_day * _days(total_seconds_late))


def _days(seconds: float) -> int:
    return math.ceil(seconds / DAY)


def seconds(submission) -> int:
    """Whole seconds after the due date, extension included: the due second itself is not late."""
    if submission.assignment.duedate is None or submission.timestamp is None:
        return 0
    return int(submission.total_seconds_late)


def _to_pay(submission, budget: int) -> int:
    """The seconds late that the budget does not cover; what is due first spends it first."""
    late, left = seconds(submission), budget
    if not late or not budget:
        return late
    theirs = [one for one in submission.student.submissions if seconds(one)]
    for one in sorted(theirs, key=lambda one: (one.duedate, one.assignment.name)):
        if one.id == submission.id:
            return max(0, late - left * DAY)
        left = max(0, left - _days(seconds(one)))
    return late


def penalise(notebook, gradebook, config) -> None:
    """What nbgrader's AssignLatePenalties does, within the caller's transaction."""
    gradebook.db.flush()
    gradebook.db.refresh(notebook)
    notebook.late_submission_penalty, submission = None, notebook.assignment
    if not seconds(submission):
        return
    step = AssignLatePenalties(config=config)
    step.init_plugin()
    if late := _to_pay(submission, getattr(step.plugin_inst, "budget", 0)):
        penalty = step.plugin_inst.late_submission_penalty(
            submission.student_id, notebook.score, late
        )
        if penalty is not None:
            penalty = step._check_late_penalty(notebook, penalty)
        notebook.late_submission_penalty = penalty


def total(submission) -> float:
    """The marks with the penalty taken off."""
    return max(0.0, submission.score - (submission.late_submission_penalty or 0))


def announce(course, gradebook) -> None:
    """Write release/due.json, from which students' desks (tools/desk.py) show the dates."""
    path = course.folder("release", ".", "due.json")
    dates = {one.name: one.duedate for one in gradebook.assignments if one.duedate}
    if path.parent.is_dir() and (dates or path.exists()):
        known = {name: f"{when:%Y-%m-%dT%H:%M:%S}+00:00" for name, when in sorted(dates.items())}
        path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def recompute(gradebook, config) -> list[dict]:
    """Set the penalties of all marks by the dates and settings of now, in the gradebook's session.

    Of every assignment: one that is late leaves less of the budget for the next. What differs.
    """
    gradebook.db.flush()
    gradebook.db.expire_all()
    changes = []
    for assignment in gradebook.assignments:
        graded = outcomes.read(gradebook.db, assignment.name)
        for submission in gradebook.assignment_submissions(assignment.name):
            if graded.get(submission.student_id, {}).get("state") not in outcomes.HAVE_MARKS:
                continue
            old = submission.late_submission_penalty
            for notebook in submission.notebooks:
                penalise(notebook, gradebook, config)
            gradebook.db.flush()
            gradebook.db.refresh(submission)
            one = {"student": submission.student_id, "assignment": assignment.name, "old": old}
            one |= {"new": submission.late_submission_penalty, "score": submission.score}
            if not math.isclose(one["old"], one["new"], abs_tol=1e-9):
                changes.append(one)
    return sorted(changes, key=lambda one: (one["student"], one["assignment"]))
