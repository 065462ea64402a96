"""tools/bundle.py: the student's zip holds what runs the course, and nothing that gives answers away."""

import functools
import multiprocessing
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import torch
from torch import nn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import bundle  # noqa: E402

SECRET = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)\n(.*?)### END \1", re.DOTALL)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    bundle.write(folder / "b.zip")
    zipfile.ZipFile(folder / "b.zip").extractall(folder)
    return folder / bundle.NAME


@functools.cache
def secrets() -> list[str]:
    """Every line of solutions, hidden tests and rubrics that stands nowhere in what is released."""
    released = "\n".join(
        cell.source
        for path in ROOT.glob("release/*/*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
    )
    found = []
    for path in ROOT.glob("source/*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            hidden = [m.group(2) for m in SECRET.finditer(cell.source)]
            if cell.metadata.get("nbgrader", {}).get("solution") and not hidden:
                hidden = [cell.source]  # a hand-graded answer is replaced whole
            lines = [line.strip() for line in "\n".join(hidden).splitlines()]
            found += [line for line in lines if len(line) > 25 and line not in released]
    return found


def leaks(lines, text):
    return [line for line in lines if line in text]


def test_no_secret_is_in_the_bundle(unpacked):
    lines = secrets()
    assert len(lines) > 30, "the search looks for nothing"
    files = [p for p in unpacked.rglob("*") if p.is_file()]
    texts = []
    for path in files:
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, as_version=4).cells
            texts.append((path, "\n".join(c.source for c in cells if path.parts[-3] == "release")))
        texts.append((path, path.read_text(errors="replace")))
    for path, text in texts:
        if path.suffix == ".ipynb" or path.suffix in {".py", ".md"}:
            assert "BEGIN SOLUTION" not in text and "BEGIN HIDDEN" not in text, path
        if "release" in path.parts:
            assert leaks(lines, text) == [], path
    assert not any(part in p.parts for p in files for part in ("source", "tests"))
    graders = {p.name for p in files if "grading" in p.parts}
    assert graders == {"__init__.py", "outcomes.py", "verdicts.py"}  # what Validate's table needs


@pytest.mark.parametrize("path", sorted(ROOT.glob("source/*/*.ipynb")), ids=lambda p: p.stem)
def test_the_search_finds_every_instructor_notebook_out(path):
    """Handed out in place of the release, each would be caught."""
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    assert "BEGIN SOLUTION" in text and len(leaks(secrets(), text)) > 30


def test_bundle_holds_the_measurements_that_lectures_name(unpacked):
    named = set()
    for path in ROOT.glob("course/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            named |= set(re.findall(r"benchmarks/[\w{}]+\.\w+", cell.source))
    assert len(named) >= 2, "the search finds nothing"
    for name in named:
        assert list(unpacked.glob(re.sub(r"{\w+}", "*", name))), name


def test_bundle_holds_every_lecture_and_released_assignment(unpacked):
    for folder in ("course", "release"):
        theirs = {p.relative_to(unpacked) for p in (unpacked / folder).rglob("*.ipynb")}
        ours = {
            p.relative_to(ROOT)
            for p in (ROOT / folder).rglob("*.ipynb")
            if ".ipynb_checkpoints" not in p.parts
        }
        assert theirs == ours and ours


def trained_in(folder: Path) -> tuple[str, bool]:
    """In a fork: whose helpers these are, and whether a net learns with them."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "helpers"]:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    os.chdir(folder)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    from helpers import data, training

    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    history = training.fit(net, data.load("digits"), epochs=5, progress=False)
    return training.__file__, history.test_accuracy[-1] > 0.5


def test_bundle_runs_on_its_own(unpacked):
    """Its helpers, not this clone's, train a network in its own folder."""
    import sklearn.datasets  # noqa: F401 - what training imports: here, and not in the fork
    import torch._dynamo  # noqa: F401

    with multiprocessing.get_context("fork").Pool(1) as pool:
        where, learnt = pool.apply(trained_in, (unpacked,))
    assert where == str(unpacked / "helpers" / "training" / "__init__.py") and learnt


def test_bundle_validates_with_the_table(unpacked):
    """Its settings of JupyterLab can be read where there is no clone: in a process of its own."""
    settings = unpacked / "tools" / "lab" / "jupyter_server_config.py"
    code = f"""import os, traitlets.config as t
t.PyFileConfigLoader({str(settings)!r}).load_config()
import grading, validation
print(os.path.dirname(grading.__file__), validation.handlers.Validator.__name__)"""
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=unpacked, capture_output=True, text=True
    )
    assert found.stdout.split() == [str(unpacked / "grading"), "Table"], found.stderr


def test_bundle_names_every_file_that_set_up_reads(unpacked):
    text = (unpacked / "tools" / "install.py").read_text() + (unpacked / "Makefile").read_text()
    for name in ("requirements.txt", "pyproject.toml", "tools/install.py"):
        assert name.split("/")[-1] in text and (unpacked / name).exists()
