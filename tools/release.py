"""Make the students' version of the assignments, release/, from the instructors', source/.

python tools/release.py [ASSIGNMENT ...]            write release/ (all of them without names)
python tools/release.py --check [ASSIGNMENT ...]    write nothing; fail where release/ has drifted

This is nbgrader's own generate_assignment, made in a scratch folder with a scratch gradebook: it
needs no gradebook here, is not stopped by one that holds submissions, and replaces an assignment
only when all of it has been made.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import shutil
import sys
import tempfile
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).resolve().parent.parent


def course_config(root: Path = ROOT) -> Config:
    """What nbgrader_config.py of the course in that folder says."""
    # nbgrader runs `alembic`, which lies beside this Python, when it makes a gradebook
    beside = os.path.dirname(sys.executable)
    if beside not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ["PATH"]])
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def generate(name: str, scratch: Path, root: Path = ROOT) -> Path:
    """The released folder of one assignment, made under `scratch`; RuntimeError if it cannot be."""
    config = course_config(root)
    config.CourseDirectory.release_directory = str(scratch / "release")
    config.CourseDirectory.db_url = f"sqlite:///{scratch / 'gradebook.db'}"
    result = NbGraderAPI(config=config).generate_assignment(name)
    if not result["success"]:
        raise RuntimeError(f"{name} cannot be released:\n{result.get('log') or result['error']}")
    return scratch / "release" / name


def differences(made: Path, kept: Path) -> list[str]:
    """The files, but for Jupyter's checkpoints, that are not the same in both folders."""
    found = {p.relative_to(of) for of in (made, kept) for p in of.rglob("*") if p.is_file()}
    names = [str(name) for name in found if ".ipynb_checkpoints" not in name.parts]
    _, differ, in_one = filecmp.cmpfiles(made, kept, names, shallow=False)
    return sorted(differ + in_one)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    arguments = parser.parse_args()
    there = sorted(p.parent.name for p in ROOT.glob("source/*/*.ipynb"))
    unknown = [name for name in arguments.assignments if name not in there]
    if unknown:
        print(f"no assignment {unknown[0]!r} in source/; there are: {', '.join(there)}")
        return 2
    drifted = 0
    for name in arguments.assignments or there:
        kept = ROOT / "release" / name
        with tempfile.TemporaryDirectory() as scratch:
            try:
                made = generate(name, Path(scratch))
            except RuntimeError as error:
                print(error, file=sys.stderr)
                return 1
            changed = differences(made, kept)
            drifted += bool(changed)
            if changed and not arguments.check:
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(made, kept)
        state = "unchanged" if not changed else "differs" if arguments.check else "written"
        print(f"release/{name}: {state} {' '.join(changed)}".rstrip())
    if drifted and arguments.check:
        print("release/ is not what source/ makes: run `make release` and commit the result")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
