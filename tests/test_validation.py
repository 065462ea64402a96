"""Validate: a table of the items and the message of each failed test, no cell and no traceback."""

import asyncio
import json
import re
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat import v4
from nbgrader.utils import compute_checksum
from traitlets.config import Config

from grading import verdicts

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import validation  # noqa: E402

WRONG = "f(<2>)"


def cell(kind: str, name: str, source: str, **more):
    made = getattr(v4, f"new_{kind}_cell")(source, id=name)
    made.metadata.nbgrader = {"schema_version": 3, "grade_id": name, "locked": False, **more}
    made.metadata.nbgrader.update(cell_type=kind, task=False)
    made.metadata.nbgrader.setdefault("checksum", compute_checksum(made))
    return made


def check(name: str, source: str, points=2):
    return cell("code", name, source, grade=True, solution=False, points=points)


@pytest.fixture
def notebook(tmp_path):
    """A path that nothing is read from beside it: one right, one wrong, one blank, two by hand."""
    wrong = f"from checks.compare import fail\nfail({WRONG!r}, 4, 5, 'a & b')"
    by_hand = {"grade": True, "solution": True, "points": 3}
    cells = [
        v4.new_markdown_cell("## The sum (2 points)", id="t1"),
        cell("code", "sum", "def f(x): return x + x", grade=False, solution=True),
        check("test-sum", "assert f(1) == 2"),
        v4.new_markdown_cell("## Twice", id="t2"),
        check("test-twice", wrong),
        v4.new_markdown_cell("## Thrice", id="t3"),
        check("test-thrice", "raise NotImplementedError()"),
        v4.new_markdown_cell("## Said", id="t4"),
        cell("markdown", "said", "my answer", **by_hand, checksum="0" * 32),
        v4.new_markdown_cell("## Unsaid", id="t5"),
        cell("markdown", "unsaid", "", **by_hand),
    ]
    path = tmp_path / "a.ipynb"
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(v4.new_notebook(cells=cells, metadata=spec), path)
    return path


def validate(notebook: Path) -> dict:
    patient = Config({"Execute": {"timeout": 600}})  # a cell's 30 s can be short on a busy machine
    return validation.Table(config=patient).validate(str(notebook))


def test_a_table_and_the_messages_in_place_of_cells_and_tracebacks(notebook):
    found = validate(notebook)
    (failed,) = found["failed"]
    assert failed["source"] == "" and "Traceback" not in failed["error"]
    table, _, told = failed["error"].partition("</table>")
    assert "<p>2 of 9 points" in table
    rows = re.findall(r"<tr><td>(.*?)</td><td class=points>(.*?)</td><td>. (.*?)</td>", table)
    assert rows == [
        ("The sum", "2 of 2", "right"),
        ("Twice", "0 of 2", "not yet right"),
        ("Thrice", "0 of 2", "not begun"),
        ("Said", "", "to be marked"),
        ("Unsaid", "0 of 3", "not begun"),
    ]
    assert re.findall("<h4>(.*?)</h4>", told) == ["Twice"]
    assert "<dt>Tried</dt><dd>f(&lt;2&gt;)</dd><dt>Expected</dt><dd>4</dd>" in told
    assert "<dt>Likely cause</dt><dd>a &amp; b</dd>" in told


def test_nothing_failed_is_said_as_nbgrader_says_it(notebook):
    nb = json.loads(notebook.read_text())
    nb["cells"] = nb["cells"][:3]
    notebook.write_text(json.dumps(nb))
    assert validate(notebook) == {}


def test_an_answer_that_does_not_run_is_told_beside_the_name_that_is_missing():
    answer = cell("code", "sum", "def f(x):\n  return", grade=False, solution=True)
    stopped = {"ename": "IndentationError", "evalue": "unexpected indent (123.py, line 2)"}
    answer.outputs = [v4.new_output("error", **stopped, traceback=[])]
    tested = check("test-sum", "f(1)")
    missing = {"ename": "NameError", "evalue": "name 'f' is not defined"}
    tested.outputs = [v4.new_output("error", **missing, traceback=[])]
    (item,) = verdicts.of_items(v4.new_notebook(cells=[answer, tested]), set())
    cause = "the cell of the answer stopped with IndentationError: unexpected indent (line 2)"
    assert item["lines"][-1] == ("Likely cause", cause) and item["cause"] == cause
    answer.outputs[0].update(ename="NotImplementedError", evalue="")
    (item,) = verdicts.of_items(v4.new_notebook(cells=[answer, tested]), set())
    assert item["lines"] == [("Came", "NameError: name 'f' is not defined")]


def test_the_server_serves_others_while_it_validates():
    others, said = threading.Event(), []

    def validate_notebook(path):
        return {"success": others.wait(60), "value": path}  # until somebody else was served

    handler = SimpleNamespace(
        current_user="student",
        get_argument=lambda name, default: default,
        get_json_body=lambda: {"path": "work/a.ipynb"},
        validate_notebook=validate_notebook,
        finish=said.append,
    )

    async def server():
        validating = asyncio.create_task(validation.post(handler))
        await asyncio.sleep(0)
        others.set()
        await validating

    asyncio.run(server())
    assert json.loads(said[0]) == {"success": True, "value": "work/a.ipynb"}
