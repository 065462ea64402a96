"""Run a lecture again with other seeds and other data, and count how often each assertion holds.

python tools/replicate.py LECTURE ... [--runs 5] [--offset 1] [--capability default]
python tools/replicate.py --table               write course/replication.md anew

LECTURE is a number ("01"), a name or a path; none means all. Run i shifts every seed by
1,000 times (offset + i): those of torch, NumPy and random, in the notebook and in helpers, so that
data are drawn or split anew as well. Offset 0 is the lecture as stored. --capability runs it as on
another processor. An assertion that fails is noted and the run goes on. Results are added to
course/replication/LECTURE.json; a lecture whose code has changed starts afresh. The exit status is
1 where a cell takes three times the share of its lecture's CPU time that it took in earlier runs.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import math
import sys
import time
from pathlib import Path

import nbformat
import notebooks
from nbclient.exceptions import CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "course" / "replication"
TABLE = ROOT / "course" / "replication.md"
LONG = 0.02  # of a lecture's CPU time: a cell that takes more is listed, and watched
CAPABILITIES = {
    "native": {"ATEN_CPU_CAPABILITY": None, "ONEDNN_MAX_CPU_ISA": None},
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"},
    "default": {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41"},
}


def instrumented(notebook: nbformat.NotebookNode, offset: int) -> nbformat.NotebookNode:
    """The notebook with the seeds shifted and every cell announced; the last cell reports."""
    begin = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r})\n"
        f"import replicate_kernel; replicate_kernel.begin(get_ipython(), {1_000 * offset})"
    )
    cells = [nbformat.v4.new_code_cell(begin)]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cells += [nbformat.v4.new_code_cell(f"__replicate__.enter({cell.id!r})"), cell]
    cells.append(nbformat.v4.new_code_cell("__replicate__.report()"))
    return nbformat.v4.new_notebook(cells=cells)


def run(path: Path, offset: int, capability: str) -> tuple[str, dict, dict[str, float]]:
    """One run: "offset processor", for each cell id whether each assertion held, CPU seconds.

    The assertion "" stands for the cell itself: it raised no error.
    """
    made = instrumented(nbformat.read(path, as_version=4), offset)
    more = CAPABILITIES[capability]
    notebooks.execute(made, path.parent, more, timeout=None, allow_errors=True)
    processor, seen, seconds = json.loads(made.cells[-1].outputs[0].text)
    for cell in made.cells[2:-1:2]:
        errors = [o for o in cell.outputs if o.output_type == "error"]
        if errors and "raises-exception" not in cell.metadata.get("tags", []):
            seen.setdefault(cell.id, {})[""] = False
            print(f"  {cell.id} raised {errors[0].ename}: {errors[0].evalue[:200]}")
        elif "check" in cell.source:  # a cell that compares without the word assert
            seen.setdefault(cell.id, {}).setdefault("", True)
    in_order = {c.id: seen[c.id] for c in made.cells[2:-1:2] if c.id in seen}
    return f"{offset} {processor}", in_order, seconds


# ---------------------------------------------------------------- results


def version(path: Path) -> str:
    """Changes with the lecture's code, not with its prose, comments, docstrings or line breaks."""
    code = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    trees = [ast.parse(c.source) for c in code]
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body[0].value.value = ""
    dumped = "".join(map(ast.dump, trees))
    return hashlib.sha256(dumped.encode()).hexdigest()[:12]


def add(path: Path, name: str, seen: dict, seconds: dict[str, float]) -> list[str]:
    """Store a run as {"version", "runs": [names], "held": {cell: {assertion: {run: bool}}}, "cpu":
    {cell: share of the CPU seconds}, "seconds"}; returns the cells that have grown slow."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{path.stem}.json"
    stored = json.loads(file.read_text()) if file.exists() else {}
    if stored.get("version") != version(path):
        stored = {"version": version(path), "runs": [], "held": {}}
    total = sum(seconds.values())
    shares = {c: round(s / total, 3) for c, s in seconds.items() if s > LONG * total}
    before = stored.setdefault("cpu", shares)
    slow = [c for c, share in shares.items() if share > 3 * max(before.get(c, 0), LONG)]
    stored["seconds"] = min(round(total), stored.get("seconds", math.inf))
    stored["runs"] = sorted(
        {*stored["runs"], name}, key=lambda r: (r.split()[1], int(r.split()[0]))
    )
    for cell, assertions in seen.items():
        for text, held in assertions.items():
            stored["held"].setdefault(cell, {}).setdefault(text, {})[name] = int(held)
    file.write_text(json.dumps(stored, indent=0) + "\n")
    return slow


def table() -> str:
    """All stored results as Markdown: each assertion and in how many of the runs it held."""
    parts = [
        "# Replication\n",
        "Each lecture was run again with every seed shifted, on other draws or splits of the data, "
        "and as on other processors (`make replicate`). An assertion that a run did not reach, "
        "since a cell before it failed, counts as not held.\n",
    ]
    for file in sorted(RESULTS.glob("*.json")):
        stored = json.loads(file.read_text())
        runs, rows, always = stored["runs"], [], 0
        for cell, assertions in stored["held"].items():
            for text, held in assertions.items():
                missed = [r for r in runs if not held.get(r, text == "")]
                always += not missed
                what = f"`{text.replace('|', chr(92) + '|')}`" if text else "the cell runs"
                row = f"| {cell} | {what} | {len(runs) - len(missed)} of {len(runs)} |"
                rows.append(row + (f" {', '.join(missed)} |" if missed else " |"))
        counts = {p: sum(r.split()[1] == p for r in runs) for p in {r.split()[1] for r in runs}}
        said = ", ".join(f"{n} on {p}" for p, n in sorted(counts.items()))
        parts += [
            f"## {file.stem}\n",
            f"{len(runs)} run{'s' * (len(runs) > 1)} ({said}): {always} of {len(rows)} assertions held in every one."
            + cost(stored),
            "| cell | assertion | held | not in (offset, processor) |\n|---|---|---|---|",
            "\n".join(rows) + "\n",
        ]
    return "\n".join(parts)


def cost(stored: dict) -> str:
    """The lecture's CPU seconds, and the cells that take the most."""
    if "cpu" not in stored:  # runs of before the time was kept
        return "\n"
    longest = sorted(stored["cpu"].items(), key=lambda item: -item[1])
    cells = ", ".join(f"{cell} {share:.0%}" for cell, share in longest)
    return f" The quickest took {stored['seconds']} s of CPU time: {cells}, the rest the others.\n"


def lectures(names: list[str]) -> list[Path]:
    """The notebooks of those numbers, names or paths; all lectures for none."""
    every = sorted((ROOT / "course").glob("*.ipynb"))
    found = [p for p in every if not names or any(p.stem.startswith(Path(n).stem) for n in names)]
    missing = [n for n in names if not any(p.stem.startswith(Path(n).stem) for p in every)]
    if missing:
        sys.exit(f"no such lecture: {missing[0]}; there are {', '.join(p.stem for p in every)}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lectures", nargs="*")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--offset", type=int, default=1)
    parser.add_argument("--capability", choices=CAPABILITIES, default="native")
    parser.add_argument("--table", action="store_true", help="only write the table anew")
    chosen, slow = parser.parse_args(), []
    for path in [] if chosen.table else lectures(chosen.lectures):
        for offset in range(chosen.offset, chosen.offset + chosen.runs):
            started = time.perf_counter()
            try:
                name, seen, seconds = run(path, offset, chosen.capability)
            except (DeadKernelError, CellTimeoutError) as error:
                print(f"{path.stem}, offset {offset}: no result: {error}", file=sys.stderr)
                continue
            slow += add(path, name, seen, seconds)
            failed = [
                f"{c}: {t or 'error'}" for c, a in seen.items() for t, h in a.items() if not h
            ]
            took = time.perf_counter() - started
            print(f"{path.stem}, {name}: {len(failed)} not held, {took:.0f} s")
            print("".join(f"  {line}\n" for line in failed), end="", flush=True)
    TABLE.write_text(table())
    if slow:
        sys.exit(f"three times the share of the CPU time that they had: {', '.join(slow)}")


if __name__ == "__main__":
    main()
