"""The page of the graders: its figures are the report's, and its specimen is judged as it says."""

import re
import sys
from pathlib import Path

import bank
import graders

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "website"))

import graders_page  # noqa: E402
import rounds  # noqa: E402

REPORT = (bank.BANK / "README.md").read_text("utf-8").partition("\n## Answers nobody")[2]
ROUNDS = rounds.read(REPORT.partition("\n## Solved from")[0])
MADE = """Words.

**Round 1.** First.

| | wrong | caught | right | accepted | caught with a cause | causes not theirs |
|---|---|---|---|---|---|---|
| a1_training | 1,000 | 990 (99.0 %) | 40 | 39 (97.5 %) | 86 (77 %) | 3 |
| a2_cnn | 100 | 90 (90.0 %) | 10 | 10 (100 %) | not counted | |

Missed in a1: `step`. In a2: `pool` (from 0). Some thirty more.

**Round 3.** Third.

| | wrong | caught | right | accepted | caught with a cause | causes not theirs |
|---|---|---|---|---|---|---|
| a1_training | 10 | 10 (100 %) | 5 | 5 (100 %) | 9 (90 %) | 0 |
"""


def test_a_report_is_read():
    first, third = rounds.read(MADE)
    assert (first.number, third.number, len(first.lines)) == (1, 3, 2)
    assert first.total() == rounds.Line(1100, 1080, 50, 49, 86, 3, explained=990)
    assert rounds.summed(rounds.latest([first, third], last=1)).wrong == 110
    assert rounds.share(999_999, 1_000_000) == "99.9 %" and rounds.share(3, 3) == "100 %"
    made = rounds.overview([first, third])
    assert 'style="--share:1.00"></span>20 (1.8 %)' in made and "--share:0.00" in made
    folded = rounds.folded(first)
    assert "- **Missed in a1:** `step`.\n- **In a2:** `pool` (from 0). Some thirty more." in folded
    assert 'id="round-1"' in folded and "20 of 1,100 wrong ones missed" in folded


def test_the_sums_that_the_report_says_are_those_of_its_lines():
    said = re.findall(
        r"\| all \| ([\d,]+) \| ([\d,]+) .*?\| ([\d,]+) \| ([\d,]+) .*?\| ([\d,]+)", REPORT
    )
    sums = {tuple(f"{number:,}" for number in one.total()[:5]) for one in ROUNDS}
    assert len(said) > 5 and set(said) <= sums


def test_the_first_page_shows_the_latest_round_of_each_and_the_sum_of_those_before():
    text = (ROOT / "README.md").read_text("utf-8")
    row = re.compile(
        r"^\| `(\w+)` \| (\d+) \|.*\| ([\d,]+) of ([\d,]+) \| ([\d,]+) of ([\d,]+) \|$", re.M
    )
    shown = {name: tuple(numbers) for name, *numbers in row.findall(text)}
    latest = {name: line for one in ROUNDS for name, line in one.lines.items()}
    assert shown == {
        name: (
            f"{len(graders.items(name))}",
            *(f"{n:,}" for n in (a.caught, a.wrong, a.accepted, a.right)),
        )
        for name, a in latest.items()
    }
    sums = rounds.summed([one.total() for one in ROUNDS if one.number < 14])
    said = " ".join(text.split())
    assert f"{sums.caught:,} of {sums.wrong:,} wrong ones were caught" in said
    assert f"{sums.accepted:,} of {sums.right:,} right ones accepted" in said


def test_no_round_is_left_out():
    assert [one.number for one in ROUNDS] == sorted(one.number for one in ROUNDS)
    assert len(ROUNDS) == REPORT.count("\n**Round ") and all(one.lines for one in ROUNDS)
    assert all(line.caught <= line.wrong for one in ROUNDS for line in one.lines.values())


def test_the_specimen_is_told_what_the_page_says():
    assignment, item, name = graders_page.SPECIMEN
    answers = [a for a in bank.read(bank.BANK, assignment, [*graders.items(assignment)])]
    wanted = [a for a in answers if (a.item, a.name) == (item, name)]
    marks, _ = graders.quickly(assignment, graders.items(assignment), wanted)
    ((answer, mark),) = marks.items()
    assert mark.score == 0 and graders_page.MESSAGE in mark.message, answer
