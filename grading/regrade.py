"""``python -m grading regrade``: marks by the tests of now, as a difference that can be undone.

What is written are the marks of tests, and what became of them. Marks and comments by hand stay.
"""

import functools
import json
import sys
from pathlib import Path

import nbformat

from . import bounded, cells, driver, history, items, late, marks, outcomes, report, todo, verdicts
from .course import CourseError
from .limits import Limits
from .scratch import remove
from .todo import Summary, beside
from .worker import Job, Plan, Result

FIELDS = ["student", "item", "old", "new", "by_hand", "old_score", "new_score", "why"]


def regrade(course, arguments) -> int:
    """``python -m grading regrade``"""
    plan = course.plan(arguments.assignment)
    scope = _scope(plan, arguments.items)
    if arguments.history:
        return history.tell(course, plan.assignment)
    with driver.locked_for_us(course.root):
        if arguments.undo:
            return history.undo(course, plan.assignment, "regrade")
        run = Regrade(course, plan, scope, arguments.dry_run)
        run.work(arguments.jobs)
    _print(run, arguments.format, items.titles(course, plan.assignment))
    return 1 if run.left or run.summary.failed else 0


def _scope(plan: Plan, wanted: list[str]) -> set[str] | None:
    """The items asked for, each as NOTEBOOK/NAME; None: all."""
    called = {item: {item, item.rpartition("/")[2]} for item in plan.items()}
    if unknown := set(wanted).difference(*called.values()):
        wrong = ", ".join(sorted(unknown))
        raise CourseError(f"no such item: {wrong}; there are: {', '.join(called)}")
    return {item for item in called if called[item] & set(wanted)} if wanted else None


class Regrade:
    """One run over a class: ``changes`` is the difference, ``left`` who was not regraded, and why."""

    def __init__(self, course, plan: Plan, scope: set[str] | None, dry: bool):
        self.course, self.plan, self.scope, self.dry = course, plan, scope, dry
        self.at, self.summary = history.now(), Summary()
        self.changes: list[dict] = []
        self.left: dict[str, str] = {}

    def work(self, count: int | None) -> None:
        quiet = not sys.stderr.isatty()
        engine = functools.partial(driver.local, jobs=count)
        driver.run(self.course, self.plan, self.jobs(), self.summary, quiet, engine, self.keep)
        self.changes.sort(key=lambda one: (one["student"], one["item"]))

    def jobs(self) -> list[Job]:
        """Whoever has marks and has handed in nothing else since."""
        name, limits, found = self.plan.assignment, Limits(config=self.course.config), []
        with self.course.gradebook() as gradebook:
            folders = todo.look(self.course, gradebook, name).folders
            for student, before in sorted(outcomes.read(gradebook.db, name).items()):
                folder, autograded = (
                    folders.get(student),
                    self.course.folder("autograded", student, name),
                )
                if before["state"] not in outcomes.HAVE_MARKS:
                    continue
                if folder and autograded.is_dir() and todo.done(before, folder, limits):
                    found.append(Job(student, folder, beside(autograded, "new")))
                else:
                    self.left[student] = "what was handed in is another now; `autograde` grades it"
        return found

    def keep(self, course, plan: Plan, job: Job, result: Result) -> None:
        """Note what changes and, unless this is a dry run, write it."""
        try:
            self._keep(job, result)
        finally:
            if job.staging.exists():
                remove(job.staging)

    def _keep(self, job: Job, result: Result) -> None:
        name, student = self.plan.assignment, job.student
        with self.course.gradebook() as gradebook:
            before = outcomes.read(gradebook.db, name, student)[student]
            state, order = outcomes.together(result.parts), outcomes.ORDER.index
            if order(state["state"]) > order(before["state"]):
                self.left[student] = f"{state['state']} this time: {'; '.join(state['reasons'])}"
                return
            parts = self._parts(before["parts"], result)
            changes = self._changes(gradebook, job, result)
            if self.dry or (not changes and _known(parts) == _known(before["parts"])):
                gradebook.db.rollback()
            else:
                self._swap(job)
                outcomes.write(gradebook.db, name, student, result.digest, parts)
                history.remember(gradebook, name, student, self.at, before, changes)
                gradebook.db.commit()
            self.changes += changes

    def _parts(self, before: dict, result: Result) -> dict:
        """The outcome as it will be: the new one, or the old one with the items' new versions."""
        if self.scope is None:
            return result.parts
        found = json.loads(json.dumps(before))
        for of, version in todo.versions(self.plan.notebooks).items():
            if of in found and found[of]["version"]:
                fresh = {item: digest for item, digest in version.items() if self._asked(of, item)}
                found[of]["version"] |= fresh
        return found

    def _changes(self, gradebook, job: Job, result: Result) -> list[dict]:
        """Set the new marks in the gradebook's session, and say what differs."""
        submission = gradebook.find_submission(self.plan.assignment, job.student)
        old, found = late.total(submission), []
        for notebook in submission.notebooks:
            known, new = marks.names(notebook), result.scores.get(notebook.name, {})
            path = job.staging / f"{notebook.name}.ipynb"
            said = bounded.call(messages, path) if path.is_file() else {}
            for grade in notebook.grades:
                item = known[grade.cell_id]
                mark = new.get(item) if self._asked(notebook.name, item) else None
                if mark is None or mark == grade.auto_score:
                    continue
                one = {"student": job.student, "item": f"{notebook.name}/{item}"}
                one |= {"old": grade.auto_score, "new": mark, "by_hand": grade.manual_score}
                found.append(one | {"why": said.get(item) or "the test gives this now"})
                grade.auto_score = mark
                grade.needs_manual_grade &= grade.manual_score is not None
            late.penalise(notebook, gradebook, self.course.config)
        gradebook.db.flush()
        gradebook.db.refresh(submission)
        return [one | {"old_score": old, "new_score": late.total(submission)} for one in found]

    def _asked(self, notebook: str, item: str) -> bool:
        return self.scope is None or f"{notebook}/{item}" in self.scope

    def _swap(self, job: Job) -> None:
        """The autograded folder: the new one, or the old one with the items' new cells."""
        target = self.course.folder("autograded", job.student, self.plan.assignment)
        for of in self.plan.notebooks if self.scope else ():
            old, new = (folder / f"{of}.ipynb" for folder in (target, job.staging))
            if old.is_file() and new.is_file():
                bounded.call(
                    merge, old, new, [item for item in self.scope if item.startswith(f"{of}/")]
                )
        if (kept := beside(target, "before")).exists():
            remove(kept)
        target.rename(kept)
        job.staging.rename(target)


def _known(parts: dict) -> dict:
    return {name: (part["state"], part["version"]) for name, part in parts.items()}


def messages(path: Path) -> dict[str, str]:
    """What each failed test of an autograded notebook said, in one line."""
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if lines := verdicts.message(cell):
            text = "; ".join(f"{label}: {line}" for label, line in lines)
            found[cells.claimed_name(cell)] = text[: outcomes.MOST_LINE]
    return {name: text for name, text in found.items() if name}


def merge(old: Path, new: Path, items: list[str]) -> None:
    """Write to ``new`` the notebook ``old`` with these items' cells from ``new``."""
    names = {item.rpartition("/")[2] for item in items}
    kept, fresh = (json.loads(path.read_text("utf-8")) for path in (old, new))
    found = {cells.claimed_name(cell): cell for cell in fresh["cells"]}
    kept["cells"] = [
        found.get(name, cell) if (name := cells.claimed_name(cell)) in names else cell
        for cell in kept["cells"]
    ]
    new.unlink()  # nbgrader leaves it read-only
    new.write_text(json.dumps(kept, indent=1), "utf-8")


def _print(run: Regrade, kind: str, titles: dict[str, str]) -> None:
    if not report.as_data(kind, run.changes, FIELDS, run.changes):
        for one in run.changes:
            hand = "" if one["by_hand"] is None else f"; by hand {one['by_hand']:g} stays"
            total = f"altogether {one['old_score']:g} -> {one['new_score']:g}"
            old = "-" if one["old"] is None else f"{one['old']:g}"
            item = items.called(one["item"], titles)
            line = f"{one['student']}  {item}: {old} -> {one['new']:g}{hand} ({total})"
            print(f"{report.printable(line)}\n    {report.printable(one['why'])}")
    students = len({one["student"] for one in run.changes})
    back = "; --undo takes it back" if run.changes else ""  # else it takes back what was before
    would = "would change; nothing was written" if run.dry else f"changed{back}"
    count = len(run.summary.done.keys() - run.left)
    said = f"{len(run.changes)} marks of {students} students {would} ({count} regraded)"
    print(said, file=sys.stdout if kind == "table" else sys.stderr)
    for student, why in (run.left | run.summary.failed).items():
        print(report.printable(f"{student}: not regraded: {why}"), file=sys.stderr)
