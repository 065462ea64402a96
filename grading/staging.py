"""Finds the notebooks among the files of a submission, under whatever name, and lays them ready."""

import copy
import json
import os
import re
import shutil
from pathlib import Path, PurePath

from . import bounded, cells, foreign, outcomes
from .limits import Limits
from .notebook import Unreadable, read_notebook
from .submission import Submission

EXCHANGE = ("timestamp.txt", "submission_secret.txt")  # what nbgrader's exchange adds
ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
COMPILED = (".pyc", ".so", ".pyd")  # nobody can read what such a module does
MOST_CANDIDATES = 10  # how many notebooks of one folder are read
LEFTOVERS = (".ipynb_checkpoints", "__MACOSX")


def is_notebook(name: str) -> bool:
    """Whether a file is called like a notebook: also ``x.ipynb.txt``, ``X.IPYNB``, ``x.ipynb (1)``."""
    path = PurePath(name)
    return ".ipynb" in path.name.lower() and not (
        path.name.startswith(".") or any(part in LEFTOVERS for part in path.parts)
    )


def _natural(name: str) -> tuple:
    """Sorts what lies deeper first, then ``x (9)`` before ``x (10)``: the last one is the newest."""
    digits = [int(part) if part.isdigit() else part for part in re.split(r"([0-9]{1,9})", name)]
    return -name.count(os.sep), [(isinstance(part, str), part) for part in digits]


class Staging:
    """One submission on its way into a worker's private course."""

    def __init__(self, found: Submission, plan, limits: Limits, own: Path):
        self.found, self.plan, self.limits, self.own = found, plan, limits, own
        self.candidates = sorted(filter(is_notebook, found.files), key=_natural, reverse=True)
        self.base = PurePath(self.candidates[0]).parent if self.candidates else PurePath(".")

    def stage(self) -> dict[str, dict]:
        """Copy what can be graded to ``own``; notebook -> its detail. Raises Unreadable."""
        self.own.mkdir(parents=True)
        names = [f"{name}.ipynb" for name in self.plan.notebooks]
        if "." in self.found.links:
            raise Unreadable("the submitted folder is a link")
        if not self.candidates and not set(names) & self.found.links:
            raise Unreadable(self._no_notebook())
        parts, taken = {}, set()
        for name in self.plan.notebooks:
            parts[name] = self._one(name, names, taken)
        left = [name for name in self.candidates if name not in taken]
        if taken and left:
            shown = ", ".join(map(repr, left[:5])) + (" ..." if len(left) > 5 else "")
            self.found.notes.append(f"other notebooks were handed in and not graded: {shown}")
        self._copy_files()
        return parts

    def _copy_files(self) -> None:
        """What lies beside the notebook is beside it again; the rest keeps its place."""
        for name, path in self.found.files.items():
            if name in self.candidates or name in EXCHANGE or "__pycache__" in PurePath(name).parts:
                continue
            if name.endswith(COMPILED):
                self.found.notes.append(f"{name!r} was left out: it is compiled")
                continue
            inside = PurePath(name).is_relative_to(self.base)
            place = PurePath(name).relative_to(self.base) if inside else PurePath(name)
            target = self.own / place
            try:
                self._check(place)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target, follow_symlinks=False)
            except (FileExistsError, IsADirectoryError, NotADirectoryError):
                # a file of that name where this one needs a folder, or the other way round
                self.found.notes.append(f"{name!r} was left out")

    def _check(self, place: PurePath) -> None:
        """Raises FileExistsError where it would be in the way of the assignment's, the exchange's."""
        theirs = self.plan.source / self.plan.assignment
        above = [str(one) in EXCHANGE or (theirs / one).is_file() for one in place.parents]
        if any(above) or (theirs / place).is_dir():
            raise FileExistsError

    def _no_notebook(self) -> str:
        reason = "there is no notebook in the submission"
        files = [name for name in self.found.files if name not in EXCHANGE]
        packed = [name for name in files if name.lower().endswith(ARCHIVES)]
        if packed:
            return f"{reason}; unpack {packed[0]!r} in its folder and grade again"
        if files:
            shown = ", ".join(map(repr, files[:3]))
            return f"{reason} (there is {shown}{' ...' if len(files) > 3 else ''})"
        if large := [name for name in self.found.left_out if is_notebook(name)]:
            return f"{reason} that is not too large: {large[0]!r} was left out"
        return f"{reason}: the folder is empty"

    def _one(self, name: str, names: list[str], taken: set[str]) -> dict:
        """Lay one of the assignment's notebooks ready; its detail."""
        file = f"{name}.ipynb"
        exact = str(self.base / file)
        if file in self.found.links:
            return outcomes.whole(
                outcomes.NOT_GRADABLE, [f"{file} is a link or a device, not a file"]
            )
        others = [str(self.base / each) for each in names]
        rest = [each for each in self.candidates if each not in taken and each not in others]
        why = ""
        if exact in self.found.files:
            answer = self._read(exact, name)
            if "notebook" in answer:
                return self._lay(exact, file, answer, taken, [])
            why = f"{file}: {answer['why']}"
        answers = {each: self._read(each, name) for each in rest[:MOST_CANDIDATES]}
        good = {each: answer for each, answer in answers.items() if "notebook" in answer}
        if good:
            best = max(good, key=lambda each: good[each]["known"])  # of equal ones, the first
            return self._lay(best, file, good[best], taken, [why] if why else [])
        if not why and len(answers) == 1:
            (only, answer) = next(iter(answers.items()))
            why = f"{file} was not handed in; {only!r}: {answer['why']}"
        elif not why:
            shown = f" (there is {', '.join(map(repr, rest[:3]))})" if rest else ""
            why = f"{file} was not handed in{shown}"
        return outcomes.whole(outcomes.NOT_GRADABLE, [why])

    def _lay(self, path: str, file: str, answer: dict, taken: set[str], notes: list[str]) -> dict:
        taken.add(path)
        (self.own / file).write_text(json.dumps(answer["notebook"]), "utf-8")
        if path != file:
            notes = [*notes, f"the notebook {file!r} was handed in as {path!r}"]
        return outcomes.whole(outcomes.GRADED, [], notes)

    def _read(self, path: str, name: str) -> dict:
        """The notebook, rebuilt, and how many known cells it has; or why it is not one of these."""
        definition, source = self.plan.notebooks[name], self.plan.source
        own = foreign.called(source / self.plan.assignment / f"{name}.ipynb")
        try:
            given = self.found.files[path], self.limits, definition, source, own
            return bounded.call(read, *given)
        except bounded.Overrun as error:
            return {"why": f"it cannot be read: {error}"}


def read(path: Path, limits: Limits, definition: list[cells.Cell], source: Path, own: str) -> dict:
    """What ``Staging._read`` returns; to be called in a bounded child."""
    try:
        nb = read_notebook(path, limits)
        known = cells.locked_texts(definition)
        if why := foreign.belongs_to(nb, known, source, own):
            return {"why": why}
        cells.restore(copy.deepcopy(nb), definition)  # only to see that it can be done
        return {"notebook": nb, "known": len(foreign.shared(nb, known))}
    except (Unreadable, cells.NotThisAssignment) as error:
        return {"why": str(error)}
