"""The first page: an instrument to play with, what the course promises, a card for each lecture."""

from __future__ import annotations

import html
import re
from pathlib import Path

import figures
from nbformat.notebooknode import NotebookNode
from pages import FRAMES_MIME, read, shown, title

ROOT = Path(__file__).resolve().parents[2]

# the picture that stands for a lecture: on its card, and at the top of its page
LEADS = {
    "00_start_here": "network-diagram",
    "01_training": "six-scripts",
    "02_cnn": "window-figure",
    "03_resnet": "stream-figure",
    "04_rnn": "unrolled-figure",
    "05_gan": "dcgan-stages",
    "06_attention": "bottleneck-figure",
    "07_gpt": "three-figure",
}
# how long a lecture takes to read, in its first cell
TIME = re.compile(r"(\w+\s+(?:minutes|hours?)(?:\s+or\s+two)?)\s+(?:to\s+read|of\s+reading)")
CLINIC = "c1_clinic"
FAULT = ("02_cnn", "bug-figure")  # the cell whose picture stands for the clinic
INSTRUMENT = ("02_cnn", "playground")  # the cell whose sliders stand on the first page
TEXT = """# Deep Learning at the Bench

<div class="hero">
<div>
<p class="rule">An interactive course on training, convolutional, residual, recurrent and adversarial
networks, attention and GPT. Its rule: <em>nothing is claimed that you cannot measure in the next cell.</em></p>
<p><a class="button first" href="course/00_start_here.html">Begin</a>
<a class="button" href="#run-it-on-your-machine">Run it yourself</a></p>
</div>
@INSTRUMENT@
</div>

<div class="columns">
<p><strong class="big">No download</strong> beyond the packages: every data set is drawn, or comes
with one of them. No account, no GPU.</p>
<p><strong class="big">Minutes</strong> of computing run each of the @LECTURES@ lectures from top to
bottom on two cores; each says how many.</p>
<p><strong class="big">@ANSWERS@ answers</strong> <a href="release/graders.html">prove the graders</a> of
the assignments: wrong ones must lose exactly their item, right ones must keep it.</p>
</div>

## Lectures

<div class="cards">
@CARDS@
</div>

## Run it on your machine

With Python 3.11 or later and make, in a clone of the course:

```
make lab      # sets up .venv, then opens the course in JupyterLab
make test     # sets up .venv, then runs every test
```

<div class="columns">
<div>
<h3>Student</h3>
<p>Open a lecture, change a number, run it again. Do the assignment of the same topic; <em>Validate</em> says
what was tried, what was expected, what came, and the likely cause.</p>
</div>
<div>
<h3>Instructor</h3>
<p>An nbgrader course: release, collect, grade a class in a sandbox that shuts strangers' code in, send
feedback, mark by hand what needs a person.</p>
</div>
<div>
<h3>Reader</h3>
<p>Read here: every page holds the outputs of its last run, and its sliders work without a kernel and
without a network.

</div>
</div>
"""


def landing(lectures: dict[str, NotebookNode], pictures: Path, answers: str) -> str:
    """The page as Markdown. ``lectures``: notebooks as stored, by stem; answers: how many prove graders."""
    text = TEXT.replace("@INSTRUMENT@", _instrument(lectures, pictures))
    cards = [_card(stem, notebook) for stem, notebook in lectures.items()] + [_clinic(lectures)]
    text = text.replace("@CARDS@", "\n".join(cards)).replace("@LECTURES@", _word(len(lectures)))
    return text.replace("@ANSWERS@", answers)


def _word(number: int) -> str:
    return "none one two three four five six seven eight nine ten".split()[number]


def _instrument(lectures: dict[str, NotebookNode], pictures: Path) -> str:
    stem, name = INSTRUMENT
    for cell in lectures[stem].cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if cell.id == name and FRAMES_MIME in data:
                target = pictures / stem / f"{name}-first-page"
                target.parent.mkdir(parents=True, exist_ok=True)
                panels = cell.metadata.get("panels", ())
                made = figures.frames(data[FRAMES_MIME], data["image/png"], target, panels)
                return made.replace("../pictures", "pictures")
    raise ValueError(f"lecture {stem} has no instrument {name!r} for the first page")


def _card(stem: str, notebook: NotebookNode) -> str:
    """A link with the lecture's picture, its title and its assignment."""
    digit = int(stem[:2])
    given = any(ROOT.glob(f"release/a{digit}_*"))
    more = f"assignment {digit}" if given else "" if digit else "where to begin"
    if time := TIME.search(notebook.cells[0].source):
        more = " · ".join(filter(None, (" ".join(time[1].split()), more)))
    picture = _picture(stem, notebook, LEADS.get(stem))
    return _linked(f"course/{stem}.html", title(notebook), more, picture)


def _clinic(lectures: dict[str, NotebookNode]) -> str:
    """The same for the assignment across lectures, with a picture of a fault from one of them."""
    stem, name = FAULT
    heading = title(read(ROOT / f"release/{CLINIC}/{CLINIC}.ipynb"))
    more = "an assignment across the lectures: faults in published code"
    picture = _picture(stem, lectures[stem], name)
    return _linked(f"release/{CLINIC}.html", heading, more, picture)


def _picture(stem: str, notebook: NotebookNode, name: str | None) -> str:
    """The file of a cell's picture, of the first cell with one if no name is given."""
    cell, number, output = next(
        (cell, number, output)
        for cell in notebook.cells
        for number, output in enumerate(shown(cell))
        if "image/png" in output.get("data", {}) and cell.id == (name or cell.id)
    )
    ending = "svg" if figures.style.SVG_MIME in output.data else "png"
    return f"pictures/{stem}/{cell.id}-{number}.{ending}"


def _linked(address: str, heading: str, more: str, picture: str) -> str:
    kind = "vector" if picture.endswith("svg") else "data"
    return (
        f'<a class="card" href="{address}"><img class="{kind}" src="{picture}" alt="" '
        f'loading="lazy"><span class="title">{html.escape(heading)}</span><span>{more}</span></a>'
    )
