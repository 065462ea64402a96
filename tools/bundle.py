"""Write dist/deep-learning-at-the-bench.zip: what a student needs, and no solution or hidden test.

It holds the lectures, the released assignments, helpers, checks, and the set-up: unpacked anywhere,
`make lab` there installs and opens the course.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "deep-learning-at-the-bench"
# what ends so in these; the text form of a notebook that is being edited stays at home
FOLDERS = {"course": (".ipynb", ".png", ".md"), "release": (".ipynb", ".png", ".md")}
FOLDERS |= {"helpers": (".py",), "checks": (".py",)}
FILES = ("Makefile", "requirements.txt", "pyproject.toml", "LICENSE")
FILES += ("tools/install.py", "tools/desk.py")
# Validate's table
FILES += ("tools/validation.py", "grading/__init__.py", "grading/outcomes.py")
FILES += ("grading/verdicts.py",)
FILES += tuple(p.relative_to(ROOT).as_posix() for p in sorted(ROOT.glob("tools/lab/**/*.*")))
# lectures 02, 03, 04, 05 and 07 show these measurements, lecture 03 points to the others
STORED = ("copy_task", "copying", "dcgan", "depth", "language_model_128", "language_model_512")
STORED += ("longer", "ring", "ring_early", "scaling", "shuffled")
FILES += tuple(f"benchmarks/{name}.json" for name in STORED)
FILES += ("benchmarks/README.md", "benchmarks/dcgan.pt")
README = """# Deep Learning at the Bench: the student's bundle

With Python 3.11 or later, pip and make, in this folder:

    make lab                # sets up .venv here, then opens the course in JupyterLab
    make lab TORCH=cpu      # the same with PyTorch's smaller CPU-only pair

It opens your desk: lectures and assignments, copied to `work/`, and how far you are with each. The
code that the lectures call is in `helpers/`, written to be read.
"""


def contents() -> list[Path]:
    """The files of the bundle, relative to the course's folder."""
    found = [ROOT / name for name in FILES]
    for folder, endings in FOLDERS.items():
        found += [p for p in (ROOT / folder).rglob("*") if p.suffix in endings and p.is_file()]
    paths = sorted(p.relative_to(ROOT) for p in found)
    return [p for p in paths if ".ipynb_checkpoints" not in p.parts]


def write(target: Path) -> None:
    """Write the zip under a temporary name, and rename it when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(target.name + ".part")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(f"{NAME}/README.md", README)
        for path in contents():
            bundle.write(ROOT / path, f"{NAME}/{path.as_posix()}")
    aside.replace(target)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / f"{NAME}.zip"
    write(target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
