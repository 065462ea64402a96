"""``python -m grading autograde|regrade|report|items|similar|markers|feedback|marksheet|roster|due|extend|groups|doctor``"""

import argparse
import functools
import gc
import os
import sys
from importlib import import_module
from pathlib import Path

from .ends import have_streams, place, unforeseen


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser("python -m grading", description=__doc__)
    commands = main.add_subparsers(dest="command", required=True)

    def command(name: str, about: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about)
        if name not in ("doctor", "roster"):
            made.add_argument("assignment")
        made.add_argument("--course", type=_folder, default=Path("."), help="the course's folder")
        return made

    grade = command("autograde", "Grade what was handed in and has not been graded.")
    grade.add_argument("--student", nargs="+", metavar="ID", help="only these students")
    where = grade.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=from_1, metavar="N", help="workers (default: the cores)")
    elsewhere = "workers on other machines: those of this Dask"
    where.add_argument("--scheduler", type=word, metavar="ADDRESS", help=elsewhere)
    grade.add_argument(
        "--shared", action="store_true", help="they see the course's folder: send no files"
    )
    grade.add_argument("--force", action="store_true", help="grade again what has been graded")
    grade.add_argument(
        "--changed",
        action="store_true",
        help="grade again what was graded by other tests or points than the assignment's of now",
    )
    grade.add_argument("--quiet", action="store_true", help="no progress bar")
    grade.add_argument(
        "--no-isolation",
        action="store_true",
        help="run the students' code as you, with your files and network: only for code you trust",
    )
    _desk(command)
    _platforms(command)
    _dates(command)
    command("doctor", "Try, on this machine, what the sandbox must prevent.")
    return main


def _desk(command) -> None:
    """What an instructor asks about a class that was graded."""
    again = command("regrade", "Mark by the tests of now; only marks that differ are written.")
    again.add_argument("items", nargs="*", metavar="ITEM", help="only these items")
    ways = again.add_mutually_exclusive_group()
    ways.add_argument("--dry-run", action="store_true", help="say what would change")
    ways.add_argument("--undo", action="store_true", help="take the last regrading back")
    ways.add_argument("--history", action="store_true", help="who regraded what, and when")
    again.add_argument("--jobs", type=from_1, metavar="N", help="workers (default: the cores)")
    report = command("report", "Show marks and states of a class.")
    items = command("items", "Show how each item went, and the likely causes of lost points.")
    alike = command("similar", "Show pairs of students whose answers share what few others wrote.")
    alike.add_argument(
        "--least",
        type=from_0_to_1,
        default=0.15,
        metavar="SHARE",
        help="the least share (default: 0.15)",
    )
    alike.add_argument("--page", type=_path, metavar="OUT.html", help="and show them side by side")
    hand = command(
        "markers", "Deal answers out to people who mark them, nameless; read their marks."
    )
    ways = hand.add_mutually_exclusive_group()
    ways.add_argument("--to", nargs="+", metavar="MARKER", help="what nobody has goes to these")
    ways.add_argument("--read", nargs="+", type=_path, metavar="SHEET.csv", help="take marks in")
    ways.add_argument("--decide", type=word, metavar="MARKER", help="who decides where two differ")
    ways.add_argument(
        "--back", type=word, metavar="MARKER", help="take from this one what is not marked yet"
    )
    ways.add_argument("--undo", action="store_true", help="take the last change back")
    hand.add_argument("--into", type=_to, metavar="FOLDER", help="where sheets and pages go")
    hand.add_argument("--by", choices=["student", "item"], default="student", help="what is dealt")
    hand.add_argument("--both", type=int, default=0, metavar="N", help="students whom two mark")
    for one in (again, report, items, alike, hand):
        one.add_argument("--format", choices=["table", "csv", "json"], default="table")
    items.add_argument(
        "--bank", type=_to, metavar="FOLDER", help="add answers that nobody explained to this bank"
    )


def _platforms(command) -> None:
    """What goes to Canvas, Moodle and Blackboard, and comes from there."""
    pages = command("feedback", "Write the students' feedback pages.")
    pages.add_argument("--zip", type=_path, metavar="OUT.zip", help="and pack them for an upload")
    pages.add_argument(
        "--names",
        type=_path,
        metavar="FILE",
        help="Moodle's grading worksheet, or the submissions as Canvas packed them",
    )
    sheet = command("marksheet", "Fill in the marks in a sheet of Canvas, Moodle or Blackboard.")
    sheet.add_argument("sheet", type=_path, metavar="SHEET.csv", help="as it was exported")
    sheet.add_argument("--into", type=_path, required=True, metavar="OUT.csv", help="a new file")
    sheet.add_argument(
        "--column", type=word, help="title or number of the column (default: the assignment)"
    )
    people = command("roster", "Enter a class list of Canvas, Moodle or Blackboard.")
    people.add_argument("sheet", type=_path, metavar="LIST.csv", help="as it was exported")
    people.add_argument("--id", metavar="COLUMN", help="what students are called by")
    people.add_argument("--dry-run", action="store_true", help="say what would change")
    for one in (pages, sheet):
        one.add_argument("--scale", action="store_true", help="full marks are the sheet's maximum")


def _dates(command) -> None:
    """When work is due; the penalties follow."""
    due = command("due", "Set when an assignment is due; bring the penalties up to date.")
    due.add_argument(
        "when", type=word, nargs="?", metavar="WHEN", help='"2026-12-01 23:59 Europe/Berlin"; none'
    )
    due.add_argument("--undo", action="store_true", help="take the last change back")
    more = command("extend", "Give a student more time for an assignment.")
    more.add_argument("student", help="after -- and all else where it begins with -")
    ways = more.add_mutually_exclusive_group(required=True)
    ways.add_argument("--days", type=float, metavar="N", help="of 24 hours; 0 takes it away")
    ways.add_argument("--until", type=word, metavar="WHEN", help="a time with a zone")
    some = command("groups", "Give every member of a group the notebook that one handed in.")
    some.add_argument("sheet", nargs="?", type=_path, metavar="LIST.csv", help="group, student")
    some.add_argument("--undo", action="store_true", help="take the last change back")
    for one in (due, more):
        one.add_argument("--why", help="kept in the history")
        one.add_argument("--dry-run", action="store_true", help="say what would change")


def word(text: str) -> str:
    if not text.strip():  # a variable of a script that was never set
        raise argparse.ArgumentTypeError("it is empty")
    return text


def from_1(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on, not {text!r}")
    return int(text)


def from_0_to_1(text: str) -> float:
    if not 0 <= float(text) <= 1:  # nan is not, either
        raise argparse.ArgumentTypeError("a share is from 0 to 1")
    return float(text)


def _folder(text: str) -> Path:
    return Path(word(text))


def _path(text: str) -> Path:
    try:
        return Path(word(text)).absolute()  # the course's folder will be entered
    except FileNotFoundError:
        raise argparse.ArgumentTypeError("the folder where this runs was removed") from None


def _to(text: str) -> Path:
    if (path := _path(text)).exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a file, and no folder")
    return path


def autograde(course, arguments, warm) -> int:
    from . import driver, outcomes, report

    if arguments.no_isolation:
        course.config.Limits.isolation = False
        print("warning: no isolation; students' code runs with your rights", file=sys.stderr)
    engine = functools.partial(driver.local, jobs=arguments.jobs, warm=warm)
    if arguments.shared and not arguments.scheduler:
        print("error: --shared says how a --scheduler's workers get files", file=sys.stderr)
        return 2
    if arguments.scheduler:
        try:
            from .cluster import Cluster
        except ImportError as error:
            print(f"error: {error}; --scheduler needs it: pip install distributed", file=sys.stderr)
            return 2
        engine = functools.partial(Cluster, arguments.scheduler, arguments.shared)
    again = arguments.force, arguments.changed
    summary = driver.autograde(
        course, arguments.assignment, arguments.student, *again, arguments.quiet, engine
    )
    known = course.states(arguments.assignment)
    print(f"this run: {len(summary.done)} done, {summary.before} had been graded before")
    print(f"the class: {report.tally(course, arguments.assignment, known, summary.failed)}")
    left = {name: cells for name, cells in summary.stale.items() if name not in summary.done}
    if left:
        names = ", ".join(sorted(set(sum(left.values(), []))))
        print(f"of an older version of the assignment (changed since: {names}) are the marks of")
        print(f"  {', '.join(left)}; `--changed` grades them again")
    folder = course.root / course.dir.submitted_directory
    if not folder.is_dir():
        print(f"nothing was handed in: there is no folder {folder}", file=sys.stderr)
    for line in summary.strange:
        print(f"not understood: {report.printable(line)}", file=sys.stderr)
    hopeless = any(detail["state"] == outcomes.NOT_GRADABLE for detail in known.values())
    failed = hopeless or summary.failed or summary.strange
    return 1 if failed else 0


def main(argv: list[str] | None = None) -> int:
    try:
        return _main(argv)
    except BrokenPipeError:  # nobody reads what is said, of an error neither
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        return 1
    except KeyboardInterrupt:
        print("stopped; the same command continues", file=sys.stderr)
        return 1
    except Exception as error:
        return unforeseen(error)


def _main(argv: list[str] | None) -> int:
    have_streams()
    arguments, warm = parser().parse_args(argv), None
    gc.disable()  # nothing of what is imported is garbage
    if os.path.expanduser("~") == "~":  # neither $HOME nor a user of this id: Jupyter needs one
        os.environ["HOME"] = str(arguments.course.resolve())
    here = arguments.command == "autograde" and not arguments.scheduler
    if here and not arguments.no_isolation:
        from . import early

        warm = early.sandbox(arguments.course)  # imports meanwhile what notebooks import
    try:
        return _run(arguments, warm)
    finally:
        if warm:
            warm.close()


def _do(arguments, warm) -> int:
    from .course import Course

    if arguments.command == "doctor":
        from .doctor import doctor

        return doctor(arguments.course)
    course = Course(arguments.course)
    if arguments.command == "autograde":
        return autograde(course, arguments, warm)
    home = {"extend": "due"}.get(arguments.command, arguments.command)
    module = import_module(f".{home}", __package__)
    return getattr(module, arguments.command)(course, arguments)


def _run(arguments, warm) -> int:
    from sqlalchemy.exc import SQLAlchemyError

    from .bounded import Overrun
    from .bubble import why_not
    from .course import CourseError
    from .scratch import SandboxError

    gc.freeze()
    gc.enable()
    try:
        status = _do(arguments, warm)
        sys.stdout.flush()
        return status
    except CourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except SandboxError as error:
        more = "\n`--no-isolation` grades without a sandbox, at your own risk" if why_not() else ""
        print(f"error: {error}{more}", file=sys.stderr)
        return 2
    except Overrun as error:  # a file of ours that somebody has changed
        print(f"error: {error.of} cannot be read: {error}", file=sys.stderr)
        print("`autograde --force` writes notebooks of autograded/ anew", file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        words = getattr(error, "orig", None) or error  # SQLAlchemy's own begin with a hint
        print(f"error: the gradebook cannot be used: {words}".splitlines()[0], file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a report has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except OSError as error:
        where = place(error)
        print(f"error: {error.strerror or error}: {where or 'output'}", file=sys.stderr)
        if not where:  # what is left of the output has nowhere to go
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1


if __name__ == "__main__":
    sys.exit(main())
