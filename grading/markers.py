"""``python -m grading markers``: answers that people mark, dealt out without names; what comes back."""

import contextlib
import json
import re
import sys
from pathlib import Path

from . import bounded, driver, history, late, marking, outcomes, platforms, report, sheets
from .course import CourseError

FIELDS = ["answer", "item", "marker", "role", "points", "comment"]
MARKED = "already marked, otherwise"


def markers(course, arguments) -> int:
    """``python -m grading markers``"""
    about = sheets.items(course.plan(arguments.assignment).notebooks)
    _check(arguments, about)
    with driver.locked_for_us(course.root):
        if arguments.undo:
            return history.undo(course, arguments.assignment, "markers")
        work = Desk(course, arguments.assignment, about)
        with course.gradebook() as work.gradebook, work.nothing_by_halves():
            work.found = marking.rows(work.gradebook, work.name)
            if arguments.back:
                work.back(arguments.back)
            elif arguments.to or arguments.decide:
                work.hand_out(arguments)
            elif arguments.read:
                work.read(arguments.read)
            else:
                show(work.found, arguments.format)
            work.gradebook.db.commit()
    return 0


def _check(arguments, about: dict) -> None:
    to = arguments.to or []
    if not about:
        raise CourseError(f"no item of {arguments.assignment} is marked by a person")
    for name in [*to, *filter(None, [arguments.decide])]:
        if not re.fullmatch(r"\w[\w.-]{0,40}", name):
            raise CourseError(f"{name!r} cannot be a marker: it is the name of a file, too")
    if len(set(map(str.casefold, to))) < len(to):
        raise CourseError("a marker is named twice")
    if bool(to or arguments.decide) != bool(arguments.into):
        raise CourseError("--to and --decide need --into FOLDER, and nothing else does")
    if arguments.both < 0 or (arguments.both and len(to) < 2):
        raise CourseError("--both needs a number from 1, and two markers after --to")
    if to and arguments.by == "item" and len(about) < len(to):
        raise CourseError(f"{len(about)} items for {len(to)} markers: take --by student")


class Desk:
    """Answers of one assignment, and the rows that say who has them."""

    def __init__(self, course, name: str, about: dict[str, sheets.Item]):
        self.course, self.name, self.about = course, name, about
        self.texts, self.shown, self.digests = {}, {}, {}
        self.written: list[Path] = []

    @contextlib.contextmanager
    def nothing_by_halves(self):
        """Where the gradebook cannot be written, no sheet stays of which it knows nothing."""
        try:
            yield
        except BaseException:
            for path in self.written:
                path.unlink(missing_ok=True)
            raise

    def look(self) -> None:
        """Read all answers of those whose marks a person completes."""
        people = {one.id: one for one in self.gradebook.students}
        graded = outcomes.read(self.gradebook.db, self.name)
        marked = {s for s, one in graded.items() if one["state"] in outcomes.HAVE_MARKS}
        for student in sorted(marked & people.keys()):  # not who was taken out of the gradebook
            one, folder = people[student], self.course.folder("autograded", student, self.name)
            first, last = one.first_name or "", one.last_name or ""
            called = [student, one.email or "", f"{first} {last}".strip(), f"{last}, {first}"]
            if not (paths := sorted(folder.glob("*.ipynb"))):
                lost = f"{student}: nothing is left in {folder}; `autograde` grades anew"
                print(report.printable(lost), file=sys.stderr)
            for path in paths:
                found = bounded.call(sheets.answers, path, called)
                for cell, (digest, text, shown) in found.items():
                    key = student, f"{path.stem}/{cell}"
                    self.digests[key], self.texts[key], self.shown[key] = digest, text, shown

    def waiting(self) -> dict[tuple[str, str], str]:
        """(student, item) -> digest of the answers without a mark by hand."""
        found = {}
        for one in self.gradebook.assignment_submissions(self.name):
            for notebook in one.notebooks:
                for grade in notebook.grades:
                    key = one.student_id, f"{notebook.name}/{grade.name}"
                    if grade.needs_manual_grade and key in self.digests:
                        found[key] = self.digests[key]
        return found

    def hand_out(self, arguments) -> None:
        """Deal what nobody has, or what two marked otherwise; write the sheets of all that is open."""
        self.look()
        waiting, names = self.waiting(), arguments.to or [arguments.decide]
        old = [
            r for r in self.found if not r.given and waiting.get((r.student, r.item)) != r.answer
        ]
        marking.remove(self.gradebook, [row.number for row in old])
        self.found = [row for row in self.found if row not in old]
        if arguments.decide:
            dealt = self._undecided(waiting, arguments.decide)
        else:
            codes = {row.student: row.code for row in self.found}
            new = self._new(waiting)
            dealt = list(marking.deal(new, codes, names, arguments.by, arguments.both))
        most = {name: [top for _, top in item.lines] for name, item in self.about.items()}
        numbers = marking.insert(self.gradebook, self.name, dealt, most)
        self.found = marking.rows(self.gradebook, self.name)
        self._write(names, arguments.into)
        said = f"{len(dealt)} answers of {self.name} are with {', '.join(names)}"
        self._finish({"dealt": numbers}, said, waiting)

    def _new(self, waiting: dict) -> list[tuple[str, str, str]]:
        """What nobody has; one of those that are the same, as a group's are."""
        known, found = {(row.item, row.answer) for row in self.found}, []
        for (student, item), digest in waiting.items():
            if (item, digest) not in known:
                known.add((item, digest))
                found.append((student, item, digest))
        return found

    def _undecided(self, waiting: dict, name: str) -> list[tuple]:
        with_one = {_key(row) for row in self.found if row.role == marking.DECIDES}
        rows = [of[0] for of in marking.differences(self.found) if _key(of[0]) not in with_one]
        here = [row for row in rows if waiting.get((row.student, row.item)) == row.answer]
        return [(*_key(row), name, marking.DECIDES, row.code) for row in here]

    def _write(self, markers: list[str], into) -> None:
        """A sheet and a page for each, of all that is open; to who decides, what two have given."""
        seen = {}
        for of in marking.differences(self.found):
            seen |= {row.number: of for row in self.found if _key(row) == _key(of[0])}
        into.mkdir(parents=True, exist_ok=True)
        comments = sheets.named(_comments(self.found))
        files, said = {}, []
        for name in markers:
            rows = [row for row in self.found if row.marker == name and row.given is None]
            if not rows:
                said.append(f"{name}: nothing to be marked")
                continue
            files[f"{name}.csv"] = sheets.as_csv(rows, self.texts, self.about, seen)
            files[f"{name}.html"] = sheets.as_page(
                self.name, rows, self.shown, self.about, comments
            )
            said.append(
                f"{name}: {len(rows)} answers: {into / name}.csv, to be read on {name}.html"
            )
        if there := [into / name for name in files if (into / name).exists()]:
            raise CourseError(f"nothing written: {there[0]} is there; say another --into FOLDER")
        for name, data in files.items():
            platforms.write_new(into / name, data)
            self.written.append(into / name)
        print(*said, sep="\n")

    def back(self, name: str) -> None:
        self.look()
        rows = [row for row in self.found if row.marker == name and row.given is None]
        if not rows:
            raise CourseError(f"{name} has no answers of {self.name} to be marked")
        marking.remove(self.gradebook, [row.number for row in rows])
        self.found = [row for row in self.found if row not in rows]
        said = f"{len(rows)} answers of {self.name} are no longer with {name}"
        self._finish({"back": [dict(row._mapping) for row in rows]}, said, self.waiting())

    def read(self, paths: list) -> None:
        """Take sheets in: all that is filled in, or nothing. Raises CourseError."""
        self.look()
        waiting, wrong, new = self.waiting(), [], {}
        everything = {f"{r.code}-{r.number}": r for r in marking.rows(self.gradebook)}
        for filled in (one for path in paths for one in sheets.read(path)):
            row = everything.get(filled.code)
            why = self._why_not(row, filled, waiting, new)
            comments = [filled.lines[number][1] for number in sorted(filled.lines)]
            points = []
            try:
                points = sheets.points_of(filled, json.loads(row.most)) if row else []
            except CourseError as error:
                why = why or str(error)
            if row and why == MARKED and [row.given, row.comments] == _kept(points, comments):
                continue  # a sheet of which a part came back before
            if why:
                wrong.append(f"{filled.where}, {filled.code}: {why}")
            else:
                new[row.number] = _kept(points, comments)
        texts = _comments(self.found) + [
            text for _, kept in new.values() for text in json.loads(kept)
        ]
        known = sheets.named(texts)
        if bare := {t for t in texts if (m := sheets.NAMED.fullmatch(t)) and m[1] not in known}:
            wrong.append(
                f"no comment is called {', '.join(sorted(bare))}: write it once as #NAME: TEXT"
            )
        if wrong or not new:
            more = [f"and {len(wrong) - sheets.SHOWN} more"] * (len(wrong) > sheets.SHOWN)
            lines = [*wrong[: sheets.SHOWN], *more] or ["nothing new is filled in"]
            raise CourseError("nothing written:\n" + "\n".join(lines))
        for number, (points, comments) in new.items():
            again = marking.table.update().where(marking.table.c.number == number)
            self.gradebook.db.execute(again.values(given=points, comments=comments))
        self.found = marking.rows(self.gradebook, self.name)
        self._finish({"read": list(new)}, f"{len(new)} answers of {self.name} read", waiting)
        two(self.found)

    def _why_not(self, row, filled: sheets.Filled, waiting: dict, new: dict) -> str:
        if row is None:
            return "no answer that was handed out"
        if row.assignment != self.name:
            return f"of another assignment, {row.assignment}"
        if row.item != filled.item:
            return f"an answer to {row.item}, not to {filled.item}"
        if row.given is not None:
            return MARKED
        if waiting.get((row.student, row.item)) != row.answer:
            changed = self.digests.get((row.student, row.item)) != row.answer
            return "another answer now" if changed else "marked elsewhere since"
        if sum(json.loads(row.most)) != sum(top for _, top in self.about[row.item].lines):
            return "worth other points now"
        return "in two sheets" if row.number in new else ""

    def _finish(self, detail: dict, said: str, waiting: dict) -> None:
        """Write the marks that are settled, the penalties and the history; say what was done."""
        known, put = sheets.named(_comments(self.found)), []
        for (_, item, digest), of in marking.by_answer(self.found).items():
            if mark := marking.settled(of):
                text = "\n".join(sheets.said(comment, known) for comment in mark[1])
                for student in (s for (s, i), d in waiting.items() if (i, d) == (item, digest)):
                    where = self.gradebook, self.name, student, item
                    put += marking.put(*where, mark[0], text)
        late.recompute(self.gradebook, self.course.config)
        said += f", {len(put)} marks written"
        if put or any(detail.values()):
            history.note(self.gradebook, self.name, "", {"marking": detail | {"put": put}}, said)
            said += f"; `markers {self.name} --undo` takes it back"
        print(said)


def _kept(points: list[float], comments: list[str]) -> list[str]:
    return [json.dumps(points), json.dumps(comments)]


def _key(row) -> tuple[str, str, str]:
    return row.student, row.item, row.answer


def _comments(found: list) -> list[str]:
    return [text for row in found for text in json.loads(row.comments or "[]")]


def two(found: list) -> None:
    """What two markers agree on, and what they do not."""
    for one in marking.agreement(found):
        kappas = ["-" if one[k] is None else f"{one[k]:.2f}" for k in ("kappa", "weighted")]
        print(
            f"{one['item']}: {' and '.join(one['markers'])} both marked {one['both']}, {one['alike']} alike; "
            f"Cohen's kappa {kappas[0]}, weighted by points {kappas[1]}"
        )
    decided = {_key(row) for row in found if row.role == marking.DECIDES and row.given is not None}
    for of in marking.differences(found):
        points = ", ".join(f"{row.marker} {marking.total(row):g}" for row in of)
        lines = zip(*(json.loads(row.given) for row in of), strict=True)
        where = ", ".join(str(n) for n, given in enumerate(lines, 1) if len(set(given)) > 1)
        end = "; decided" if _key(of[0]) in decided else ""
        print(f"{of[0].code}  {of[0].item}: {points} (line {where}){end}")


def show(found: list, kind: str) -> None:
    """How far everybody is, and how far two agree."""
    lines = [
        {"answer": f"{row.code}-{row.number}", "item": row.item, "marker": row.marker}
        | {"role": row.role, "points": row.given and marking.total(row)}
        | {"comment": "\n".join(filter(None, json.loads(row.comments or "[]")))}
        for row in found
    ]
    told = {"answers": lines, "agreement": marking.agreement(found)}
    if not report.as_data(kind, told, FIELDS, lines):
        for name in sorted({row.marker for row in found}):
            of = [row for row in found if row.marker == name]
            print(f"{name}: {sum(row.given is not None for row in of)} of {len(of)} answers marked")
        two(found)
        if not found:
            print("nobody has an answer yet: `--to MARKER ... --into FOLDER` deals them out")
