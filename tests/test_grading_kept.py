"""A file of the assignment's that a test reads, and that an answer has changed, is reported."""

import json
import subprocess
import sys
from pathlib import Path

import classroom
import pytest
from classroom import ASSIGNMENT, answer, hand_in, make_course, solve

from grading.__main__ import main
from grading.bubble import why_not

INSIDE = Path(__file__).parents[1] / "grading" / "inside"
WRITE = "    with open('table.txt', 'w') as file:\n        file.write('7')\n    return 7.0"
CHANGES = {
    "nothing": "pass",
    "read": "open('table.txt').read()",
    "a file beside it": "open('mine.txt', 'w').write('7')",
    "written": "open('table.txt', 'a').close(); open('table.txt', 'w').write('2')",
    "another in its place": "open('mine.txt', 'w').write('7'); os.replace('mine.txt', 'table.txt')",
    "put back": "os.rename('table.txt', 'a'); os.rename('a', 'table.txt')",
    "its times put back": "open('table.txt', 'w').write('7'); os.utime('table.txt', ns=TIMES)",
    "removed": "os.remove('table.txt')",
    "another folder": "os.mkdir('b'); os.chdir('b'); open('table.txt', 'w').write('7')",
}
RUN = """
import os, sys
sys.path.insert(0, {inside!r})
from kept import Kept
open('table.txt', 'w').write('2')
TIMES = os.stat('table.txt').st_atime_ns, os.stat('table.txt').st_mtime_ns
kept = Kept()
{change}
kept.begin(['table.txt', 'not there'])
print(kept.end())
"""


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_known(change, tmp_path):
    program = RUN.format(inside=str(INSIDE), change=CHANGES[change])
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    same = change in ("nothing", "read", "a file beside it")
    assert said == ("[]\n" if same else "['table.txt']\n")


def test_it_is_looked_at_when_a_test_opens_it(tmp_path):
    change = """
kept._differs = lambda name: False
kept.begin(['table.txt']); open('table.txt', 'w').close(); open('table.txt').close()
print(kept.end())
kept.was['table.txt'] = None
kept.begin(['table.txt']); open('table.txt').close(); print(kept.end())"""
    command = [sys.executable, "-c", RUN.format(inside=str(INSIDE), change=change)]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said == "[]\n['table.txt']\n[]\n"  # the test's own writing is no answer's


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_it_is_reported(tmp_path, monkeypatch, capsys):
    test = "from pathlib import Path\nassert mean([1, 3]) == float(Path('table.txt').read_text())"
    monkeypatch.setitem(classroom.TESTS, "test-mean", (test, 3))
    make_course(tmp_path, db_url=f"sqlite:///{tmp_path / 'gradebook.db'}")
    for folder in ("source", "release"):
        (tmp_path / folder / ASSIGNMENT / "table.txt").write_text("2")
    hand_in(tmp_path, "ana", solve(tmp_path))
    hand_in(tmp_path, "ben", solve(tmp_path, answer(mean=f"# mine\ndef mean(x):\n{WRITE}")))
    assert main(["autograde", ASSIGNMENT, "--course", str(tmp_path), "--quiet"]) == 0
    capsys.readouterr()
    assert main(["report", ASSIGNMENT, "--course", str(tmp_path), "--format", "json"]) == 0
    ana, ben = json.loads(capsys.readouterr().out)
    assert ana["items"]["work/test-mean"] == ben["items"]["work/test-mean"] == 3
    assert ana["evidence"] == []
    said = "tests from cell 'test-mean' on may read 'table.txt' as answers changed it"
    assert ben["evidence"] == [said]
