"""Every lecture is as a reader should find it; nbval, which runs them, is proven able to fail.

The notebooks themselves are run by nbval: `pytest --nbval course source`, part of `make test`.
"""

import functools
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import notebooks  # noqa: E402

WIDEST = 84  # columns of code that a page shows
LECTURES = sorted((ROOT / "course").glob("*.ipynb"))
ABSOLUTE = re.compile(r"(?<![\w.:/])/(?:root|work|tmp|home|Users|usr|opt|var)/\w+")


def faults(notebook: nbformat.NotebookNode) -> list[str]:
    """What a reader of this executed notebook would stumble over."""
    found = []
    code = [c for c in notebook.cells if c.cell_type == "code"]
    ids = [c.id for c in notebook.cells]
    if len(set(ids)) != len(ids):
        found.append("cell ids repeat")
    dull = [i for i in ids if re.fullmatch(r"[0-9a-f]{8}|cell-\d+", i)]
    found += [f"the cell id {i} says nothing" for i in dull]
    if [c.execution_count for c in code] != list(range(1, len(code) + 1)):
        found.append("not run from top to bottom in a fresh kernel")
    for cell in code:
        hidden = cell.metadata.get("jupyter", {}).get("outputs_hidden", False)
        if hidden != cell.metadata.get("collapsed", False):
            found.append(f"{cell.id}: JupyterLab stores hidden outputs as collapsed, too")
        for output in cell.outputs:
            found += [f"{cell.id}: {fault}" for fault in output_faults(output)]
    return found


def wide(notebook: nbformat.NotebookNode) -> list[str]:
    """The cells with a line of code that a page of the site would have to scroll."""
    code = [c for c in notebook.cells if c.cell_type == "code"]
    return [c.id for c in code if max(map(len, c.source.split("\n"))) > WIDEST]


def output_faults(output: nbformat.NotebookNode) -> list[str]:
    if output.output_type == "error":
        return [f"a stored error: {output.ename}"]
    if output.output_type == "stream" and output.name == "stderr":
        return [f"text on stderr: {output.text[:60]!r}"]
    # pictures are base64, in which anything that looks like a path is chance
    data = output.get("data", {"text/plain": output.get("text", "")})
    text = json.dumps({k: v for k, v in data.items() if k.startswith("text/")})
    found = [f"an absolute path: {m.group(0)}" for m in ABSOLUTE.finditer(text)]
    if notebooks.WIDGET in data and not data.get("text/plain", "").startswith("("):
        found.append("a widget with code for words")
    return found + ["a progress bar"] * ("it/s]" in text)


@pytest.mark.parametrize("path", LECTURES, ids=lambda p: p.stem)
def test_lecture_is_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert faults(notebook) == []
    assert wide(notebook) == []
    assert path.stat().st_size < 1_500_000


@pytest.mark.parametrize("path", LECTURES, ids=lambda p: p.stem)
def test_lecture_has_its_parts(path):
    notebook = nbformat.read(path, as_version=4)
    prose = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert notebook.cells[0].source.startswith("# "), "the first cell holds the title"
    assert "be able to" in prose
    for heading in ("## Exercises", "## Sources"):
        assert heading in prose, f"no section {heading}"
    assert prose.count("<details") == prose.count("</details>") >= 2
    code = "\n".join(c.source for c in notebook.cells if c.cell_type == "code")
    assert "widgets.explore(" in code, "each lecture has an instrument to play with"


def broken(kind: str) -> nbformat.NotebookNode:
    """An executed notebook with one fault of that kind."""
    cell = nbformat.v4.new_code_cell("print(1)", id="print-one", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", text="1\n")]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    if kind == "counts":
        cell.execution_count = 7
    if kind == "ids":
        cell.id = "0a1b2c3d"
    if kind == "stderr":
        cell.outputs[0].name = "stderr"
    if kind == "error":
        cell.outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]
    if kind == "hidden":
        cell.metadata["jupyter"] = {"outputs_hidden": True}
    if kind == "path":
        cell.outputs[0].text = "saved in /home/me/x.pt"
    return notebook


@pytest.mark.parametrize("kind", ["counts", "ids", "stderr", "error", "hidden", "path"])
def test_faults_are_found(kind):
    assert len(faults(broken(kind))) == 1


def test_a_clean_notebook_has_no_fault():
    assert faults(broken("nothing")) == []


def test_a_line_that_scrolls_is_found():
    notebook = broken("nothing")
    assert wide(notebook) == []
    notebook.cells[0].source = "print(1)" + " " * 75 + "# 1"
    assert wide(notebook) == ["print-one"]


def nbval(folder: Path, *cells: tuple[str, str, list[str]]) -> subprocess.CompletedProcess:
    """Run nbval on a notebook of (source, stored output, tags)."""
    made = []
    for source, output, tags in cells:
        cell = nbformat.v4.new_code_cell(source, metadata={"tags": tags}, execution_count=1)
        cell.outputs = [nbformat.v4.new_output("stream", text=output)] if output else []
        made.append(cell)
    notebook = nbformat.v4.new_notebook(cells=made)
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, folder / "made.ipynb")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-p",
        "no:cacheprovider",
        "-q",
        "made.ipynb",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_nbval_rejects_wrong_outputs_and_failing_cells(tmp_path):
    ignore = ["nbval-ignore-output"]
    result = nbval(
        tmp_path,
        ("print(1 + 1)", "2\n", []),  # right
        ("print(1 + 1)", "3\n", []),  # a stored output that is not what comes
        ("print(1 + 1)", "3\n", ignore),  # not compared
        ("assert 1 + 1 == 3", "", ignore),  # an assertion fails although outputs are ignored
        ("import sys; print('careful', file=sys.stderr)", "", []),  # a warning that was not stored
    )
    assert result.returncode == 1
    assert "3 failed, 2 passed" in result.stdout, result.stdout[-2000:]


# ---------------------------------------------------------------- glossary and notation

WORDS = ("glossary.md", "notation.md")
LINK = re.compile(r"\]\(([^)#]*)#?([^)]*)\)")
ENTRY = re.compile(r"^- \*\*(.+?)\*\*: .*", re.MULTILINE)


@functools.cache
def texts() -> dict[str, str]:
    """The lectures' words, and the two pages about them, by file."""
    found = {name: (ROOT / "course" / name).read_text("utf-8") for name in WORDS}
    for path in LECTURES:
        cells = nbformat.read(path, as_version=4).cells
        text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
        found[path.name] = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return found


def plain(text: str) -> str:
    return " ".join(re.sub(r"[*$`]", "", text).split())


def astray(page: str, text: str) -> list[str]:
    """The links that lead to no lecture, or to no heading of it."""
    found = []
    for name, place in LINK.findall(text):
        heads = re.findall(r"^#+ (.+)", texts().get(name or page, ""), re.MULTILINE)
        there = {plain(head).replace(" ", "-") for head in heads}
        if not there or (place and place not in there):
            found.append(f"{name}#{place}")
    return found


def misplaced(text: str) -> list[str]:
    """The terms that are out of order or twice, or that a lecture they lead to does not have."""
    terms = [plain(term).lower() for term in ENTRY.findall(text)]
    found = [b for a, b in itertools.pairwise(terms) if a >= b]
    for entry in ENTRY.finditer(text):
        term = rf"(?<!\w){re.escape(plain(entry[1]))}(?:s|es|d|ed)?(?!\w)"
        for name, _ in LINK.findall(entry[0]):
            if not re.search(term, plain(texts()[name]), re.IGNORECASE):
                found.append(f"{entry[1]} in {name}")
    return found


@pytest.mark.parametrize("page", WORDS)
def test_words_and_signs_lead_to_their_lectures(page):
    assert astray(page, texts()[page]) == []
    assert misplaced(texts()[page]) == []


def test_the_glossary_has_ten_terms_of_each_lecture():
    first = [LINK.search(entry[0])[1] for entry in ENTRY.finditer(texts()["glossary.md"])]
    assert [path.name for path in LECTURES if first.count(path.name) < 10] == []


def test_a_wrong_entry_is_found():
    right = "- **logit**: a score. [00](00_start_here.ipynb#Scores-and-probabilities)\n"
    assert astray("x", right) == misplaced(right) == []
    assert len(astray("x", right.replace("#Scores", "#Marks"))) == 1
    assert len(astray("x", right.replace("00_start", "09_start"))) == 1
    assert misplaced(right + right) == ["logit"]
    assert misplaced(right + right.replace("logit", "class")) == ["class"]
    assert misplaced(right.replace("logit", "perplexity")) == ["perplexity in 00_start_here.ipynb"]


# ---------------------------------------------------------------- notebooks as text


def test_text_and_back_changes_nothing(tmp_path):
    path = tmp_path / "lecture.ipynb"
    path.write_bytes(LECTURES[0].read_bytes())
    before = nbformat.read(path, as_version=4)
    notebooks.to_text(path)
    notebooks.from_text(path)
    after = nbformat.read(path, as_version=4)
    assert [(c.id, c.source, c.metadata) for c in after.cells] == [
        (c.id, c.source, c.metadata) for c in before.cells
    ]
    assert [c.get("outputs") for c in after.cells] == [c.get("outputs") for c in before.cells]


def test_edited_cell_loses_its_outputs_and_no_other(tmp_path):
    path = tmp_path / "lecture.ipynb"
    first, second = broken("").cells[0], broken("").cells[0]
    second.id = "print-again"
    notebook = nbformat.v4.new_notebook(cells=[first, second])
    nbformat.write(notebook, path)
    notebooks.to_text(path)
    script = path.with_suffix(".py")
    script.write_text(script.read_text().replace("print(1)", "print(2)", 1))
    notebooks.from_text(path)
    after = nbformat.read(path, as_version=4)
    assert [len(c.outputs) for c in after.cells] == [0, 1]
    assert [c.id for c in after.cells] == ["print-one", "print-again"]


def test_a_widget_is_stored_with_words_in_place_of_its_constructor():
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("show()")])
    said = ["VBox(children=(Label(value='')…", "(The sliders move.)", "VBox(no widget)"]
    kinds = [{notebooks.WIDGET: {}}, {notebooks.WIDGET: {}}, {}]
    made.cells[0].outputs = [
        nbformat.v4.new_output("display_data", {"text/plain": text, **kind})
        for text, kind in zip(said, kinds, strict=True)
    ]
    notebooks.tidy(made)
    kept = [output.data["text/plain"] for output in made.cells[0].outputs]
    assert kept[0].startswith("(This can be used") and kept[1:] == said[1:]


def test_run_writes_only_where_the_meaning_changed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    path = tmp_path / "made.ipynb"
    cells = [nbformat.v4.new_code_cell("print(1)", id="print-one")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    assert notebooks.run([path]) == 0 and "written" in capsys.readouterr().out
    stamp = path.stat().st_mtime_ns
    assert notebooks.run([path]) == 0 and "unchanged" in capsys.readouterr().out
    assert path.stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    ("code", "said"),
    [("import os; os._exit(1)", "the kernel died"), ("1 / 0", "ZeroDivisionError"), ("", "read")],
    ids=["dead kernel", "failing cell", "not a notebook"],
)
def test_run_says_what_failed_and_writes_nothing(code, said, tmp_path, capsys):
    path = tmp_path / "broken.ipynb"
    cells = [nbformat.v4.new_code_cell(code, id="broken")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    if not code:
        path.write_text("not a notebook")
    before = path.read_bytes()
    assert notebooks.run([path]) == 1
    assert said in capsys.readouterr().err
    assert path.read_bytes() == before
