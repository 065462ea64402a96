"""The benchmark scripts run, at toy size, from start to table; and their pieces count right."""

import json
import os
import statistics
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import torch

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
import common  # noqa: E402
import copying  # noqa: E402
import scaling  # noqa: E402

from helpers import plots  # noqa: E402


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "last"),
    [
        ("training.py --toy --rounds 1 --seeds 2", "as the naive loop after 5"),
        ("recipe.py --toy", "none of them"),
        ("shuffled.py --toy", "| wide LeNet, shuffled, 0.003 |"),
        ("depth.py --toy", "plain, 56 layers"),
        ("copy_task.py --toy", "LSTM, set to remember"),
        ("ring.py --toy", "4,000 steps"),
        ("ring_early.py --toy", "| spectral norm | 4 |"),
        ("dcgan.py --toy", "loss of D"),
        ("gpt.py --toy", "with the cache"),
        ("longer.py --toy", "said_twice"),
        ("scaling.py --toy", "bits per byte |"),
        ("copying.py --toy --beginning 1 --anywhere 2", "| from anywhere |"),
        ("gpu.py --toy --seconds 3000", "in all"),
    ],
)
def test_a_script_runs_at_toy_size_and_keeps_nothing(script, last):
    before = sorted(BENCHMARKS.iterdir())
    name, *options = script.split()
    environment = os.environ | {"OMP_NUM_THREADS": "1", "COURSE_DATA": ""}
    done = subprocess.run(
        [sys.executable, BENCHMARKS / name, *options],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert last in done.stdout and "not measured" not in done.stdout
    assert "NO ERROR" not in done.stdout
    kept = (".json", ".pt")
    assert [p for p in sorted(BENCHMARKS.iterdir()) if p.suffix in kept] == [
        p for p in before if p.suffix in kept
    ]


def test_works_run_alternately_in_turning_order():
    order = []
    seen = common.alternately(3, a=lambda: order.append("a"), b=lambda: order.append("b") or 7)
    assert "".join(order) == "abbaab"
    assert seen["b"]["result"] == [7, 7, 7] and len(seen["a"]["wall"]) == 3


def test_a_ratio_is_taken_round_by_round():
    slow, fast = {"wall": [2.0, 9.0], "cpu": [1.0, 1.0]}, {"wall": [1.0, 3.0], "cpu": [2.0, 1.0]}
    r = common.ratio(slow, fast)
    assert r["wall"]["values"] == [2.0, 3.0] and r["wall"]["median"] == 2.5
    assert (r["cpu"]["least"], r["cpu"]["most"]) == (0.5, 1.0)


def test_a_made_law_is_found_again_and_foretells():
    sizes = [5_856, 9_936, 20_400, 41_856, 81_600]
    rows = [
        {"parameters": N, "bits_per_byte": [1.2 + 30 / N**0.3, 1.3 + 30 / N**0.3]} for N in sizes
    ]
    told = scaling.foretell(rows, 163_000)
    assert told["fit"] == pytest.approx({"E": 1.25, "A": 30, "alpha": 0.3})
    wanted = [1.2 + 30 / 163_000**0.3, 1.3 + 30 / 163_000**0.3]
    assert told["foretold_by_seed"] == pytest.approx(wanted, abs=1e-4)
    assert told["foretold"] == pytest.approx(sum(wanted) / 2, abs=1e-4)
    # a straight line in the logarithms and below: E stays 0
    assert scaling.fitted(sizes, [9.0 / N**0.1 - 0.5 for N in sizes])[0] >= 0


def test_the_jpeg_copy_is_read_with_its_classes(tmp_path, monkeypatch):
    from PIL import Image

    folder = tmp_path / "cifar10_jpeg"
    folder.mkdir()
    with zipfile.ZipFile(folder / "cifar10-jpg.zip", "w") as archive:
        for part, count in (("train", 3), ("test", 2)):
            for label, grey in (("bird", 200), ("cat", 40)):
                for i in range(count):
                    file = BytesIO()
                    Image.new("RGB", (32, 32), (grey,) * 3).save(file, "JPEG")
                    archive.writestr(f"{part}/{label}/{i:04}.jpg", file.getvalue())
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    found = common.cifar10_jpeg()
    assert found.classes == ("bird", "cat") and found.image_shape == (3, 32, 32)
    assert (len(found.train_x), len(found.test_x)) == (6, 4)
    bright = found.train_x.float().mean((1, 2, 3)) > 120
    assert torch.equal(bright, found.train_y == 0)
    monkeypatch.setenv("COURSE_DATA", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nothing"))
    assert common.cifar10_jpeg() is None


def followed(text: list[int]) -> int:
    """What came after the last symbol's place before."""
    return text[max(i for i, symbol in enumerate(text[:-1]) if symbol == text[-1]) + 1]


def oldest(text: list[int]) -> int:
    """The symbol that has not been seen for longest."""
    return min(text, key=lambda symbol: max(i for i, one in enumerate(text) if one == symbol))


def test_two_rules_copy_what_is_said_from_its_beginning_and_one_what_is_said_from_anywhere():
    for anywhere in (False, True):
        x, y, known = copying.strings(40, anywhere, torch.Generator().manual_seed(0))
        places = [(x[i, : t + 1].tolist(), int(y[i, t])) for i, t in known.nonzero().tolist()]
        assert len(places) > 200 and all(followed(text) == after for text, after in places)
        by_age = [oldest(text) == after for text, after in places]
        assert sum(by_age) < 0.5 * len(by_age) if anywhere else all(by_age)


def test_the_rules_part_where_a_net_is_asked():
    x, by_order, by_age = copying.parted(5, 60, torch.Generator().manual_seed(0))
    assert 30 < len(x) < 60
    for text, after, old in zip(x.tolist(), by_order.tolist(), by_age.tolist(), strict=True):
        assert (followed(text), oldest(text)) == (after, old) and after != old


def stored(name):
    return json.loads((BENCHMARKS / f"{name}.json").read_text())


def markdown(lecture, cell):
    notebook = json.loads((BENCHMARKS.parent / "course" / f"{lecture}.ipynb").read_text())
    return "".join(next(c["source"] for c in notebook["cells"] if c["id"] == cell))


def test_lecture_04_gives_the_counts_of_the_copy_task_that_the_file_holds():
    said, found = markdown("04_rnn", "copy-conclude"), stored("copy_task")
    assert said.count(f"| learnt, of {found['starts']} |") == 2
    for name, kind in found["kinds"].items():
        assert kind["learnt"] == [sum(r > 0.9 for r in by_start) for by_start in kind["right"]]
        row = f"| {name} | " + " | ".join(map(str, kind["learnt"])) + " |"
        assert row in said, row
    for name in ("RNN", "LSTM"):
        count = found["kinds"][name]["learnt"][found["lags"].index(16)]
        low, high = plots.wilson(torch.tensor(count), torch.tensor(found["starts"]))
        assert f"{100 * low.clamp_min(0):.0f} to {100 * high:.0f} %" in said
    rnn, lstm = found["kinds"]["RNN"], found["kinds"]["LSTM"]
    wide = [
        v for v, right in zip(rnn["ρ, trained"][1], rnn["right"][1], strict=True) if right > 0.9
    ]
    gates = lstm["forget gates, trained"]
    opened = [v for v, right in zip(gates[0], lstm["right"][0], strict=True) if right > 0.9]
    reached = [1e6 * statistics.median(k["symbol in the logits, fresh"][1]) for k in (lstm, rnn)]
    assert f"to {min(wide)} and more" in said and f"opened to {min(opened)} and more" in said
    assert f"stood at {statistics.median(gates[1]):.2f} (median)" in said
    assert "by {:.0f} and {:.0f} millionths".format(*reached) in said


def test_lecture_05_gives_the_slopes_of_early_training_that_the_file_holds():
    pairs = stored("ring_early")["pairs"]
    one, five = (pairs["non-saturating" + end] for end in (", 1 step of D", ""))
    said = markdown("05_gan", "early-words")
    for step in ("100", "200"):
        slopes = [statistics.median(seen[step]["slope"]) for seen in (five, one)]
        assert slopes[0] > 3 * slopes[1] and "over three times" in said
        both = zip(five[step]["to covered"], five[step]["to missing"], strict=True)
        assert all(a > b for a, b in both) and "**each** of the twelve starts" in said
        nowhere = [v for m in ("to covered", "to missing") for v in one[step][m] if v is not None]
        assert abs(statistics.median(nowhere)) < 0.15 and "both cosines near 0" in said
    bounded = [pairs[name] for name in ("WGAN-GP", "spectral norm")]
    more = [
        a > b
        for seen in bounded
        for a, b in zip(seen["100"]["to covered"], seen["100"]["to missing"], strict=True)
    ]
    said = markdown("05_gan", "table-read")
    assert f"in {sum(more)} of {len(more)} runs" in said
    late = [statistics.median(seen["200"]["slope"]) for seen in (*bounded, pairs["non-saturating"])]
    assert [f"{slope:.1f}" for slope in late] == ["1.2", "1.2", "5.9"]
    assert "1.2 with either bound, and 5.9 without" in said


def test_lecture_02_gives_what_was_trained_outside_of_it():
    found = stored("shuffled")
    of, counts = found["accuracy_percent"], found["parameters"]
    said = markdown("02_cnn", "local-conclusion")
    assert f"({counts['wide']:,} p" in said and f"({counts['perceptron']:,} p" in said
    assert "one start: {} %".format(*of["wide LeNet, shuffled, 0.01"]) in said
    assert "**{} and {} %** of the sh".format(*sorted(of["wide LeNet, shuffled, 0.003"])) in said
    rates = [of[f"wide MLP, pictures, {rate}"] for rate in ("0.003", "0.01", "0.03")]
    assert "**{} and {} %** of the p".format(*sorted(max(rates, key=sum))) in said
    said = markdown("02_cnn", "pooling-words")
    for pooling in ("maximum", "mean", "every second"):
        assert "{} and {} %".format(*of[f"pooling, {pooling}"]) in said, pooling
    said = markdown("02_cnn", "bug-words")
    for fonts, mode in [(f, m) for f in ("training", "test") for m in ("eval", "train")]:
        assert "{} and {}".format(*of[f"{fonts} fonts, {mode} mode"]) in said, (fonts, mode)
    assert "{} and {}".format(*of["test fonts, eval mode, their estimates"]) in said
