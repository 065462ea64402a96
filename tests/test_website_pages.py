"""How notebooks become pages: costs, callouts, pictures, formulas, sliders; no whole site."""

import base64
import gzip
import io
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import firefox
import nbformat
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools" / "website"))
build = pytest.importorskip("build", reason="the site's builder needs sphinx, myst-nb and furo")

import figures  # noqa: E402
import landing  # noqa: E402
import replication_page  # noqa: E402
import tables  # noqa: E402


@pytest.mark.parametrize("latex", [r"a_{", r"\left( a", r"\nosuchcommand x"])
def test_a_formula_that_cannot_be_turned_stops_the_build(latex):
    with pytest.raises(ValueError, match="cannot be turned into MathML"):
        build.mathematics.to_mathml(latex, "inline")


@pytest.mark.parametrize("latex, sign", [(r"\sqrt d", "√"), (r"\sqrt[3]{d}", "√"), ("i < C", "<")])
def test_signs_that_are_no_plain_text_of_a_formula_are_in_the_font(latex, sign):
    made = build.mathematics.to_mathml(latex, "inline")
    found = build.mathematics.characters([made])
    assert ord(sign) in found and ord("&") not in found


@pytest.mark.parametrize(
    "latex, wanted",
    [
        (r"a_1 b = c + d, \qquad e f g = h", [["a1b", "=c", "+d,"], ["efg", "=h"]]),
        (r"V = -\ln(4 + x) + \|u - v\|^2 - 1", [["V=−ln(4+x)", "+‖u−v‖2", "−1"]]),
        (
            r"s t u = \left.\frac{a}{b}\right|_c \; + \; w(x \mid y + z)",
            [["stu", "=ab|c", "+w(x∣y+z)"]],
        ),
        (r"\frac{a = b}{c}", [["a=bc"]]),
    ],
)
def test_a_formula_may_be_broken_before_its_own_signs_alone(latex, wanted):
    found = build.mathematics.pieces(build.mathematics.to_mathml(latex, "block"))
    assert [[re.sub("<[^>]*>", "", piece) for piece in part] for part in found] == wanted
    for piece in (piece for part in found for piece in part):
        build.mathematics.xml.fromstring(f"<math>{piece}</math>")  # whole elements


def test_a_long_formula_in_a_line_keeps_its_wide_spaces():
    translator = SimpleNamespace(body=[])
    node = build.mathematics.nodes.math(
        text=r"a_1 b + c = d + e + f - g,\quad h = i + j - k + l - m"
    )
    with pytest.raises(build.mathematics.nodes.SkipNode):
        build.mathematics._visit_inline(translator, node)
    plain = re.sub("<[^>]*>", "", "".join(translator.body))
    assert plain == "a1b+c=d+e+f−g,\u2003h=i+j−k+l−m"
    assert "<wbr>" in translator.body[0]


@pytest.mark.skipif(firefox.FIREFOX is None, reason="no Firefox here: Debian's firefox-esr")
def test_the_track_of_a_slider_is_not_white_in_the_dark_of_firefox(tmp_path):
    css = (ROOT / "tools" / "website" / "course.css").as_uri()
    slider = figures._slider("a", ["1", "2"], 0)
    body = f'<body data-theme="auto" style="background: #15191f"><figure class="frames">{slider}'
    (tmp_path / "page.html").write_text(f'<link rel="stylesheet" href="{css}">{body}')
    with firefox.page("dark") as page:
        page.goto((tmp_path / "page.html").as_uri())
        at = page.evaluate(
            "(r => [r.right - 20, r.top + r.height / 2].join())"
            "(document.querySelector('input').getBoundingClientRect())"
        )
        with Image.open(io.BytesIO(page.screenshot())) as drawn:
            x, y = (round(float(number)) for number in at.split(","))
            track, beside = (drawn.convert("L").getpixel((x, y - up)) for up in (0, 12))
    assert beside < 40 and 90 < track < 180


def test_frames_begin_where_the_slider_stands(tmp_path):
    picture = next(
        o.data["image/png"]
        for path in ROOT.glob("course/*.ipynb")
        for c in nbformat.read(path, as_version=4).cells
        for o in c.get("outputs", [])
        if "image/png" in o.get("data", {})
    )
    frames = {
        "controls": [["a", ["1", "2"]], ["b", ["x", "y", "z"]]],
        "first": 4,
        "pictures": [picture] * 6,
        "alt": "A <bar>",
    }
    made = figures.frames(frames, picture, tmp_path / "cell")
    assert re.findall(r'value="(\d)"', made) == ["1", "1"]  # 4 = 1 * 3 + 1
    assert "A &lt;bar&gt;" in made
    assert len(list(tmp_path.glob("cell-*.png"))) == 6
    size = {"width": 90, "height": 20}
    made = figures.frames({**frames, **size}, picture, tmp_path / "cell", [0, 50, 80])
    windows = re.findall(r'style="(--left.*?)"', made)
    assert windows == [
        "--left:0;--wide:50;--top:0;--high:20;--all:90",
        "--left:50;--wide:30;--top:0;--high:20;--all:90",
    ]
    assert len(re.findall(r'<img [^>]*alt="[^"]+"', made)) == 2, "the whole, and its first part"
    strips = ["0-50", "0-10/5-20 + 50-80/5-20"]
    made = figures.frames({**frames, **size}, picture, tmp_path / "cell", strips)
    assert re.findall(r"--total:(\d+)", made) == ["50", "40"]
    assert re.findall(r'style="(--left.*?)"', made)[1:] == [
        "--left:0;--wide:10;--top:5;--high:15;--all:90",
        "--left:50;--wide:30;--top:5;--high:15;--all:90",
    ]
    assert len(re.findall(r'<img [^>]*alt="[^"]+"', made)) == 2, "the whole, and its first part"


def test_predictions_and_conclusions_are_set_apart():
    made = build.pages.callouts("Text.\n\n*Conclude.* It held.\n\n**Predict**: more?", "words")
    assert made.split("\n\n") == [
        *("Text.", '<div class="callout conclude">', "**Conclude.** It held.", "</div>"),
        *('<div class="callout predict">', "**Predict**: more?", "</div>"),
    ]
    assert build.pages.callouts(made, "words") == made, "what is marked in the notebook stays"
    assert 'class="callout exercise"' in build.pages.callouts("**1. Count** (easy)", "exercise-1")
    several = "## Exercises\n\n**1. Count** (easy)\n\n<details>no</details>\n\n**2. Add**: 1. one"
    made = build.pages.callouts(several, "exercises")
    assert made.startswith("## Exercises\n\n<div") and made.count('class="callout exercise"') == 2
    assert build.pages.callouts(several, "words") == several


def test_cost_of_a_lecture_stands_in_a_row_under_its_title():
    text = "# 07 T\n\n**You will be able to** see.\n\n*Needs* `x` & y. *Takes* 1 h. *On a GPU* z.\n\nEnd."
    cell = nbformat.v4.new_markdown_cell(text)
    build.pages.head(cell, "course/07_t.ipynb", "a7_t")
    entries = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", cell.source)
    assert [name for name, _ in entries] == ["Needs", "Takes", "On a GPU", "Assignment", "Notebook"]
    assert entries[0][1] == "<code>x</code> &amp; y." and "a7_t.html" in entries[3][1]
    assert cell.source.endswith("End.") and "*Needs*" not in cell.source


def brightness(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_an_assignment_says_its_time_and_data_in_the_same_row():
    cell = nbformat.v4.new_markdown_cell(
        "# A\n\n**Needs** lecture 01. **Time** an hour. **Data** none.\n\nText"
    )
    build.pages.head(cell, "release/a/a.ipynb", None)
    names = re.findall("<dt>(.*?)</dt>", cell.source)
    assert names == ["Needs", "Time", "Data", "Notebook"] and cell.source.endswith("Text")


@pytest.mark.parametrize(
    "text, time",
    [
        ("*Takes* 30 minutes\nto read; cells run in two hours", "30 minutes"),
        ("*Takes* a minute of computing, and an hour or two of reading.", "an hour or two"),
        ("*Takes* three minutes of computing.", None),
    ],
)
def test_a_card_says_how_long_a_lecture_is_read(text, time):
    cell = nbformat.v4.new_markdown_cell(f"# 09 T\n\n{text}")
    image = nbformat.v4.new_output("display_data", {"image/png": ""})
    drawn = nbformat.v4.new_code_cell("", outputs=[image])
    made = landing._card("09_t", nbformat.v4.new_notebook(cells=[cell, drawn]))
    assert (f"<span>{time}</span>" in made) if time else ("<span></span>" in made)


@pytest.mark.parametrize(
    "source, folded",
    [
        ("import a\nimport b\nfrom c import d\nfrom e import f\nx = 1\nplots.use_style()", True),
        ("import a\nx = f(1)\ny = 2", False),
        ("import a\nprint(1)", False),
        ("%matplotlib inline", False),
        ("x = 1", False),
    ],
)
def test_a_cell_that_only_imports_is_folded(source, folded):
    assert build.pages._only_imports(source) == folded


def test_numbers_of_a_table_stay_in_one_line_and_words_need_not():
    cells = [f'<td style="text-align: right">{s}</td>' for s in ("8 8 7", "0.1 ± 0.2", "a word")]
    output = nbformat.v4.new_output("display_data", {"text/html": "".join(cells)})
    build.pages._as_html(output, ROOT, [])
    assert output.data["text/html"].count('<td class="number" style') == 2
    assert cells[2] in output.data["text/html"]


def test_replication_shows_what_did_not_hold_and_folds_the_rest():
    table = "| cell | assertion | held | not in |\n|---|---|---|---|\n"
    rows = "| a | `x \\| y` | 2 of 2 | |\n| b | the cell runs | 1 of 2 | 1 AVX2 |\n"
    said = "2 runs (2 on AVX2): 1 of 2 assertions held in every one."
    made = replication_page.page(f"# R\n\nWords.\n\n## 02_cnn\n\n{said}\n\n{table}{rows}")
    assert "| [02 Convolutional networks](#02_cnn) | 2 | 2 | 1 |" in made
    open_, _, folded = made.partition("<details>")
    assert "| 1 of 2 | b |" in open_ and "| 2 of 2 | a |" not in open_
    assert "| 2 of 2 | a | `x \\| y` | |" in folded and "| 1 of 2 | b |" in folded


@pytest.mark.parametrize(
    "text", ["3", "-0.5", "12 %", "112 (99.1 %)", "9 of 10", "0.1 ± 0.2", "97 / 68 %"]
)
def test_what_is_a_number_in_a_table(text):
    assert tables.NUMBER.fullmatch(text)
    assert not tables.NUMBER.fullmatch("a" + text) and not tables.NUMBER.fullmatch("1 AVX2")


def test_each_series_stands_out_from_the_page_in_light_and_in_dark():
    page = brightness(figures.PLAIN["#ffffff"])
    for light in figures.style.COLOURS:
        assert 1.05 / (brightness(light) + 0.05) >= 3, light
        assert (brightness(figures.PARTNERS[light]) + 0.05) / (page + 0.05) >= 3, light


def test_a_drawing_has_two_sets_of_colours_and_a_map_of_values_keeps_its_words():
    drawing = '<svg><defs/><defs></defs><g style="fill: #1c2530; stroke: black"/></svg>'
    made = figures.themed(drawing)
    assert "--c0:#1c2530" in made and "--c0:#dfe4ea" in made and "stroke: var(--c1)" in made
    made = figures.themed(drawing.replace("<g ", "<image/><g "))
    assert "stroke: #000000" in made and "fill: var(--c0)" in made
    words = '<g id="legend_1"><g style="fill: #1c2530"/></g>'
    axes = f'<defs/><g id="axes_1"><image/>{words}</g><g id="axes_2">{words}</g>'
    assert re.findall('fill: ([^"]+)', figures.themed(axes)) == ["#1C2530", "var(--c0)"]


def test_words_over_a_map_of_values_keep_their_ink_in_the_dark_and_its_title_does_not():
    plt = pytest.importorskip("matplotlib.pyplot")
    with plt.rc_context({"image.interpolation": "none", "text.color": figures.style.INK}):
        figure, ax = plt.subplots()
        ax.imshow([[0, 1], [1, 0]], cmap="Oranges")
        ax.text(0.5, 0.5, "over")
        ax.set_title("above")
        packed = figures.style.vector(figure)[figures.style.SVG_MIME]
        plt.close(figure)
    made = figures.themed(gzip.decompress(base64.b64decode(packed)).decode())
    fills = {word: made.split(f"<!-- {word} -->")[1] for word in ("over", "above")}
    fills = {word: re.search('fill: ([^;"]+)', rest)[1] for word, rest in fills.items()}
    assert fills["over"] == "#1C2530" and fills["above"].startswith("var(")


def test_shades_without_a_partner_stay_on_white_and_words_over_them_in_ink():
    plt = pytest.importorskip("matplotlib.pyplot")
    with plt.rc_context({"text.color": figures.style.INK}):
        figure, (left, right) = plt.subplots(1, 2)
        left.contourf(
            [[0, 1], [2, 3]], levels=[-1, 0.5, 1.5, 4], colors=["white", "silver", "black"]
        )
        right.add_patch(plt.Rectangle((0, 0), 1, 1, facecolor="#c8dcf0"))
        right.text(0.5, 0.5, "over")
        packed = figures.style.vector(figure)[figures.style.SVG_MIME]
        plt.close(figure)
        figure, alone = plt.subplots()
        alone.contourf([[0, 1], [2, 3]], levels=[1.5, 4], colors=["#dbe2f5"])
        paired = figures.style.vector(figure)[figures.style.SVG_MIME]
        plt.close(figure)
    made = figures.themed(gzip.decompress(base64.b64decode(packed)).decode())
    assert "fill: white" not in figures.themed(gzip.decompress(base64.b64decode(paired)).decode())
    first, second = made.split('<g id="axes_')[1:]
    assert "fill: white" in first.split("QuadContourSet")[0]  # the ground
    assert 'style="fill: white"' in first.split("QuadContourSet")[1]
    assert "fill: white" not in second and "fill: #1C2530" in second


def test_pictures_of_lines_are_told_from_pictures_of_data():
    plt = pytest.importorskip("matplotlib.pyplot")
    for kind, expected in (("lines", True), ("data", False), ("transparent", True)):
        figure, ax = plt.subplots()
        if kind == "data":
            ax.imshow([[0, 1], [1, 0]], cmap="gray")
        else:
            ax.plot([0, 1, 0], label="a curve")
            ax.legend()
        file = io.BytesIO()
        figure.savefig(file, format="png", transparent=kind == "transparent")
        plt.close(figure)
        assert figures.drawn(file.getvalue()) == expected, kind
