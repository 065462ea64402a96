"""Execute the course's notebooks, keep them as they should be, and turn them to text and back.

python tools/notebooks.py run [NOTEBOOK ...]     execute in a fresh kernel; write where it changed
python tools/notebooks.py text NOTEBOOK          write NOTEBOOK's cells beside it as a .py file
python tools/notebooks.py update NOTEBOOK        take the cells of that .py file into NOTEBOOK

Without names, `run` takes every notebook of course/ and source/.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path

import desk
import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
FAILURES = (CellExecutionError, CellTimeoutError, DeadKernelError)
WIDGET = "application/vnd.jupyter.widget-view+json"
# one thread and no progress bars: results that repeat, outputs without debris; the data that every
# reader has; None is not set
PINNED = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "TQDM_DISABLE": "1"}
PINNED |= {"COURSE_PINNED": "1", "COURSE_DATA": "", "MPLBACKEND": None}


def all_notebooks() -> list[Path]:
    """The lectures, then the instructor notebooks, in order."""
    return sorted(ROOT.glob("course/*.ipynb")) + sorted(ROOT.glob("source/*/*.ipynb"))


def execute(notebook: nbformat.NotebookNode, folder: Path, more: dict, **settings) -> None:
    """Run every cell in a fresh kernel, working in `folder`; raises the errors in FAILURES.

    more: environment variables beside PINNED.
    """
    env = {k: v for k, v in (os.environ | PINNED | more).items() if v is not None}
    client = NotebookClient(
        notebook,
        startup_timeout=600,  # a busy machine is no failure
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        **settings,
    )
    client.execute(env=env)


def tidy(notebook: nbformat.NotebookNode) -> None:
    """Drop what differs from machine to machine and says nothing."""
    notebook.metadata.update(nbformat.from_dict(desk.KERNEL))
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = _joined_streams(cell.outputs)
            for output in cell.outputs:
                _without_code(output.get("data", {}))


def _without_code(data: dict) -> None:
    """A widget that no kernel moves is shown as its text: words, and not its constructor."""
    if WIDGET in data and re.match(r"\w+\(", data.get("text/plain", "")):
        data["text/plain"] = "(This can be used while a kernel runs: run the cell.)"


def _joined_streams(outputs: list) -> list:
    """Neighbouring pieces of one stream as one piece: how they were split is chance."""
    joined: list = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last is not None and output.output_type == last.output_type == "stream":
            if output.name == last.name:
                last.text += output.text
                continue
        joined.append(output)
    return joined


_ID = re.compile(r"IPY_MODEL_\w+|\b[0-9a-f]{32}\b")


def meaning(notebook: nbformat.NotebookNode) -> list:
    """What a change must touch to be written back: sources, tags, outputs but for widgets' ids;
    of outputs that are not compared, only their kinds and descriptions."""
    parts = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        part = [cell.cell_type, cell.source, cell.id, json.dumps(cell.metadata, sort_keys=True)]
        if cell.cell_type == "code" and "nbval-ignore-output" not in tags:
            part.append(_ID.sub("ID", json.dumps(cell.outputs, sort_keys=True)))
        elif cell.cell_type == "code":
            kinds = [(o.output_type, o.get("metadata"), [*o.get("data", {})]) for o in cell.outputs]
            part.append(json.dumps(kinds, sort_keys=True))
        parts.append(part)
    return parts


def run(paths: list[Path]) -> int:
    """Execute each notebook; returns how many failed."""
    failed = 0
    for path in paths:
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        try:
            before = nbformat.read(path, as_version=4)
        except (nbformat.reader.NotJSONError, nbformat.ValidationError, OSError) as error:
            failed += 1
            print(f"{name}: not a notebook that can be read: {error}"[:300], file=sys.stderr)
            continue
        started = time.perf_counter()
        after = nbformat.reads(nbformat.writes(before), as_version=4)
        try:
            execute(after, path.parent, {"COURSE_STORED": "1"}, timeout=900)
        except FAILURES as error:
            failed += 1
            why = (
                "the kernel died (out of memory?)" if isinstance(error, DeadKernelError) else error
            )
            print(f"{name}: FAILED, nothing was written\n{why}", file=sys.stderr)
            continue
        tidy(after)
        changed = meaning(after) != meaning(before)
        if changed:
            aside = path.with_suffix(".ipynb.part")
            nbformat.write(after, aside)
            aside.replace(path)
        seconds = time.perf_counter() - started
        size = path.stat().st_size / 1e6
        state = "written" if changed else "unchanged"
        print(f"{name}: {state}, {seconds:.0f} s, {size:.2f} MB")
    return failed


def to_text(path: Path) -> None:
    """NOTEBOOK.ipynb to NOTEBOOK.py: "percent" cells, each with its id and metadata."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.metadata = {"id": cell.id, **cell.metadata}
    notebook.metadata = nbformat.from_dict(
        {"jupytext": {"cell_metadata_filter": "all", "notebook_metadata_filter": "-all"}}
    )
    path.with_suffix(".py").write_text(jupytext.writes(notebook, fmt="py:percent"))


def from_text(path: Path) -> None:
    """NOTEBOOK.py into NOTEBOOK.ipynb (made if it is not there); unchanged cells keep outputs."""
    new = jupytext.reads(path.with_suffix(".py").read_text(), fmt="py:percent")
    old = nbformat.read(path, as_version=4) if path.exists() else None
    kept = {c.id: c for c in old.cells} if old else {}
    new.metadata = old.metadata if old else {}
    for number, cell in enumerate(new.cells):
        cell.id = cell.metadata.pop("id", f"cell-{number}")
        same = kept.get(cell.id)
        if cell.cell_type == "code" and same is not None and same.source == cell.source:
            cell.outputs, cell.execution_count = same.outputs, same.execution_count
    new.nbformat, new.nbformat_minor = 4, 5
    tidy(new)
    nbformat.validate(new)
    nbformat.write(new, path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["run", "text", "update"])
    parser.add_argument("notebooks", nargs="*", type=Path)
    arguments = parser.parse_args()
    paths = [p.resolve() for p in arguments.notebooks]
    ending = ".py" if arguments.command == "update" else ".ipynb"
    missing = [p.with_suffix(ending) for p in paths if not p.with_suffix(ending).exists()]
    if missing:
        print(f"no such file: {missing[0]}", file=sys.stderr)
        return 2
    if arguments.command == "run":
        return 1 if run(paths or all_notebooks()) else 0
    if len(paths) != 1:
        print(f"{arguments.command} takes one notebook", file=sys.stderr)
        return 2
    (to_text if arguments.command == "text" else from_text)(paths[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
