"""The replication tool: seeds are shifted everywhere, assertions counted, failures survived."""

import json
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import replicate  # noqa: E402

DRAWS = """
import random
import numpy as np, torch
from helpers import data, device
torch.manual_seed(3); a = torch.rand(1).item()
b = torch.rand(1, generator=torch.Generator().manual_seed(3)).item()
c = np.random.default_rng(3).random()
random.seed(3); d = random.random()
with device.preserved_rng(3): e = torch.rand(1).item()
digits, words = data.load("digits"), data.load("words")
drawn = [a, b, c, d, digits.test_y[:20].tolist(), sorted(words.test)[:20]]
print(json.dumps([drawn, a == e]))
"""
CELLS = {
    "draws": "import json\n" + DRAWS,
    "twice": "for i in range(2):\n    assert i == 0, 'not the second time'\nreached = True",
    "after": "assert reached\nassert 1 + 1 == 2",
    "raises": "assert missing > 1\nassert 'never reached'",
    "caught": "try:\n    assert 1 == 2\nexcept AssertionError:\n    caught = True\nassert caught",
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """offset -> (name of the run, what was seen, CPU seconds, what the first cell printed)."""
    path = tmp_path_factory.mktemp("made") / "made.ipynb"
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    made, kept = {}, {}
    whole = replicate.instrumented

    def instrumented(notebook, offset):
        kept[offset] = whole(notebook, offset)
        return kept[offset]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replicate, "instrumented", instrumented)
        for offset in (0, 1):
            made[offset] = replicate.run(path, offset, "default")
    printed = {o: json.loads(n.cells[2].outputs[0].text) for o, n in kept.items()}
    return {offset: (*made[offset], printed[offset]) for offset in made}


def test_every_source_of_chance_moves_with_the_offset_and_not_without(runs):
    import numpy as np
    import torch

    from helpers import data

    (stored, same), (moved, still) = runs[0][-1], runs[1][-1]
    assert same and still, "helpers' own seeding is shifted like a direct one"
    assert all(a != b for a, b in zip(stored, moved, strict=True))
    assert stored[0] == torch.rand(1, generator=torch.Generator().manual_seed(3)).item()
    assert moved[2] == np.random.default_rng(1_003).random()
    assert stored[4] == data.load("digits").test_y[:20].tolist()


def test_each_assertion_is_counted_and_the_run_goes_on(runs):
    name, seen, *_ = runs[0]
    assert name.startswith("0 ") and name.split()[1] in ("DEFAULT", "NO AVX", "default")
    assert seen["twice"] == {"i == 0": False}
    assert seen["after"] == {"reached": True, "1 + 1 == 2": True}
    assert seen["raises"] == {"": False}
    assert seen["caught"] == {"caught": True}


def test_results_add_up_until_the_code_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(replicate, "RESULTS", tmp_path / "results")
    path = tmp_path / "made.ipynb"

    def write(source):
        cells = [nbformat.v4.new_code_cell(source, id="a")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)

    write("assert x > 0")
    replicate.add(path, "0 AVX2", {"a": {"x > 0": True}}, {"a": 2.0})
    write("assert x > 0  # a comment changes nothing")
    replicate.add(path, "1 AVX2", {"a": {"x > 0": False}}, {"a": 2.0})
    assert "| a | `x > 0` | 1 of 2 | 1 AVX2 |" in replicate.table()
    assert "0 of 1 assertions held in every one" in replicate.table()
    write("assert x > 1")
    replicate.add(path, "0 AVX2", {"a": {"x > 1": True}}, {"a": 2.0})
    assert "1 run (1 on AVX2): 1 of 1" in replicate.table()


def test_a_cell_that_takes_three_times_its_share_is_named(tmp_path, monkeypatch, runs):
    monkeypatch.setattr(replicate, "RESULTS", tmp_path / "results")
    path = tmp_path / "made.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)

    def add(**seconds):
        return replicate.add(path, "0 AVX2", {}, seconds)

    assert add(long=90.0, short=10.0, tiny=0.1) == []
    assert add(long=180.0, short=20.0, tiny=0.2) == [], "a machine of half the speed"
    assert add(long=90.0, short=35.0, tiny=0.1) == []
    assert add(long=90.0, short=50.0, tiny=0.1) == ["short"]
    assert add(long=90.0, short=10.0, new=5.0) == [] and add(long=90.0, new=10.0) == ["new"]
    assert "100 s of CPU time: long 90%, short 10%, the rest" in replicate.table()
    assert set(runs[0][2]) >= set(CELLS) and min(runs[0][2].values()) >= 0


def test_a_lecture_that_is_not_there_is_named():
    with pytest.raises(SystemExit, match="no such lecture: 99"):
        replicate.lectures(["99"])
    assert [p.stem for p in replicate.lectures(["01", "course/02_cnn.ipynb"])] == [
        "01_training",
        "02_cnn",
    ]
