"""``python -m grading groups``: who hands one notebook in together; each member gets a copy of it.

Everything after that is each member's own: lateness, its budget, extensions, marks, feedback.
"""

import shutil
import sys
from collections import defaultdict
from pathlib import Path

from nbgrader.utils import parse_utc
from sqlalchemy import Column, MetaData, String, Table, select

from . import driver, history, inbox, todo
from .course import CourseError
from .limits import Limits
from .platforms import Sheet, key
from .report import printable
from .scratch import remove
from .submission import digest, look, timestamp

metadata = MetaData()
table = Table(
    "grading_group",
    metadata,
    Column("assignment", String(128), primary_key=True),
    Column("student", String(128), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("copied", String(64), nullable=False),  # the digest of the copy that was made, or ""
)


def known(gradebook, assignment: str) -> dict[str, tuple[str, str]]:
    """student -> the group's name, and the digest of the copy that was made for this member."""
    metadata.create_all(gradebook.db.connection())
    query = select(table).where(table.c.assignment == assignment)
    return {row.student: (row.name, row.copied) for row in gradebook.db.execute(query)}


def put(gradebook, assignment: str, found: dict[str, tuple[str, str]]) -> None:
    """The groups are these; the caller commits."""
    metadata.create_all(gradebook.db.connection())
    gradebook.db.execute(table.delete().where(table.c.assignment == assignment))
    for student, (name, copied) in found.items():
        line = {"assignment": assignment, "student": student, "name": name, "copied": copied}
        gradebook.db.execute(table.insert().values(line))


def read(sheet: Sheet, ids: dict[str, str]) -> dict[str, str]:
    """student -> group, of a list with these columns. Raises CourseError."""
    heads = [head.casefold() for head in sheet.head]
    if not {"group", "student"} <= set(heads):
        raise CourseError(
            f"columns group and student are needed; there are: {', '.join(sheet.head)}"
        )
    found, wrong = {}, []
    for row in sheet.filled():
        group, name = (row[heads.index(column)].strip() for column in ("group", "student"))
        student = ids.get(key(name))
        if not group or student is None or student in found:
            why = "twice" if student in found else "no group" if student else "not in the gradebook"
            wrong.append(f"line {row.line}, {name}: {why}")
        else:
            found[student] = group
    if wrong:
        raise CourseError("nothing written:\n" + "\n".join(wrong[:10]))
    return found


def groups(course, arguments) -> int:
    """``python -m grading groups``"""
    course.plan(arguments.assignment)  # says what is wrong where there is none such
    with driver.locked_for_us(course.root):
        if arguments.undo:
            return history.undo(course, arguments.assignment, "groups")
        with course.gradebook() as gradebook:
            return Spread(course, gradebook, arguments.assignment).work(arguments.sheet)


class Spread:
    """Lays the newest work of each group into the folders of its other members."""

    def __init__(self, course, gradebook, name: str):
        self.course, self.gradebook, self.name = course, gradebook, name
        self.limits, self.before = Limits(config=course.config), known(gradebook, name)
        self.folders = todo.look(course, gradebook, name).folders
        self.digests = {who: digest(folder, self.limits) for who, folder in self.folders.items()}
        self.made: dict[str, str] = {}  # member -> digest of the copy
        self.moved: list[str] = []  # whose older work was put aside
        self.amiss: list[str] = []

    def work(self, sheet: Path | None) -> int:
        ids = {key(one.id): one.id for one in self.gradebook.students}
        wanted = {who: group for who, (group, _) in self.before.items()}
        wanted = read(Sheet(sheet), ids) if sheet else wanted
        if not wanted:
            raise CourseError(f"no groups of {self.name} yet: `groups {self.name} LIST.csv`")
        members = defaultdict(list)
        for student, group in wanted.items():
            members[group].append(student)
        for group, students in members.items():
            self._one(group, students)
        copied = {who: self.before.get(who, ("", ""))[1] for who in wanted} | self.made
        after = {who: (group, copied[who]) for who, group in wanted.items()}
        said = f"{len(members)} groups of {self.name}, {len(self.made)} copies made"
        if after != self.before or self.made:
            put(self.gradebook, self.name, after)
            detail = {"rows": self.before, "made": self.made, "moved": self.moved}
            history.note(self.gradebook, self.name, "", {"groups": detail}, said)
            self.gradebook.db.commit()
            said += f"; `groups {self.name} --undo` takes it back"
        for line in self.amiss:
            print(printable(line), file=sys.stderr)
        print(said)
        return 1 if self.amiss else 0

    def _one(self, group: str, students: list[str]) -> None:
        own = [
            who
            for who in students
            if who in self.folders and self.digests[who] != self.before.get(who, ("", ""))[1]
        ]
        works = {self.digests[who]: who for who in own}
        times = {who: timestamp(self.folders[who]) for who in works.values()}
        if not own:
            nothing = not any(who in self.folders for who in students)
            self.amiss += [f"{group}: nothing was handed in"] * nothing
            return
        if len(works) > 1 and not all(times.values()):
            who = ", ".join(works.values())
            self.amiss.append(
                f"{group}: {who} handed in different work, when is not known: remove one"
            )
            return
        newest = max(times, key=lambda who: parse_utc(times[who])) if len(works) > 1 else own[0]
        for who in students:
            if who != newest:
                self._copy(newest, who, aside=who in own)

    def _copy(self, source: str, who: str, aside: bool) -> None:
        target = self.folders.get(who) or self.course.folder("submitted", who, self.name)
        ready, kept = todo.beside(target, "new"), todo.beside(target, inbox.ASIDE)
        if ready.exists():  # of a run that was stopped
            remove(ready)
        for name, path in look(self.folders[source], self.limits).files.items():
            if name != "submission_secret.txt":  # by which the exchange knows who fetches feedback
                (ready / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, ready / name, follow_symlinks=False)
        if digest(ready, self.limits) == self.digests.get(who):
            remove(ready)
            return
        if aside:
            if kept.exists():
                remove(kept)
            target.rename(kept)
            self.moved.append(who)
        elif target.exists():
            remove(target)
        ready.rename(target)
        self.made[who] = digest(target, self.limits)


def take_back(course, gradebook, name: str, detail: dict) -> list[str]:
    """Remove the copies that are as they were made, bring back what was put aside; who has other work now."""
    left = []
    for who, made in detail["made"].items():
        target = course.folder("submitted", who, name)
        if digest(target, Limits(config=course.config)) != made:
            left.append(who)
            continue
        remove(target)
        if who in detail["moved"]:
            todo.beside(target, inbox.ASIDE).rename(target)
    put(gradebook, name, {who: tuple(row) for who, row in detail["rows"].items()})
    return left
