"""helpers.plots and helpers.widgets: figures hold what they were given; sliders redraw."""

import base64
import gzip
import io

import ipywidgets
import matplotlib
import matplotlib.pyplot as plt
import pytest
import torch
from PIL import Image

from helpers import plots, widgets
from helpers.training import History


def test_colours_differ_in_greyscale():
    def grey(colour):
        r, g, b = matplotlib.colors.to_rgb(colour)
        return 0.299 * r + 0.587 * g + 0.114 * b

    for a, b in zip(plots.COLOURS, plots.COLOURS[1:], strict=False):
        assert abs(grey(a) - grey(b)) > 0.1, f"{a} and {b} look alike in greyscale"


def test_images_makes_one_axis_an_image():
    figure = plots.images(torch.rand(7, 3, 5, 5), [str(i) for i in range(7)], columns=4)
    assert sum(bool(ax.images) for ax in figure.axes) == 7
    with pytest.raises(ValueError, match="shape"):
        plots.images(torch.rand(5, 5))


def test_lines_draw_the_values_given():
    figure = plots.lines({"a": [1, 4], "b": [2, 3]}, [10, 20], title="t", xlabel="x", ylabel="y")
    drawn = {line.get_label(): line.get_xydata().tolist() for line in figure.axes[0].lines}
    assert drawn == {"a": [[10, 1], [20, 4]], "b": [[10, 2], [20, 3]]}
    assert figure.axes[0].get_legend() is not None


def test_history_and_confusion():
    run = History()
    run.add({"train_loss": 2.0, "train_accuracy": 0.2, "test_loss": 2.1, "test_accuracy": 0.1})
    run.add({"train_loss": 1.0, "train_accuracy": 0.5, "test_loss": 1.2, "test_accuracy": 0.4})
    run.series["seconds"] = [1, 1]
    left, right = run.plot("Run").axes
    assert left.lines[0].get_ydata().tolist() == [2.0, 1.0]
    assert right.lines[1].get_ydata().tolist() == [0.1, 0.4]
    assert [line.get_label() for line in left.lines] == ["training", "test"]
    left, right = run.plot("Run", held_out="validation").axes
    assert [line.get_label() for line in right.lines] == ["training", "validation"]
    figure = plots.confusion(torch.tensor([[5, 1], [0, 4]]), ["cat", "dog"], "Mistakes")
    assert sorted(t.get_text() for t in figure.axes[0].texts) == ["1", "4", "5"]
    assert figure.axes[0].images[0].get_array().mask.tolist() == [[False, False], [True, False]]


# ---------------------------------------------------------------- widgets


def draw(height=1, colour="k"):
    figure, ax = plt.subplots(figsize=(2, 2))
    ax.bar([0], [height], color=colour)
    return figure


@pytest.fixture
def shown(monkeypatch):
    """What `explore` displays and updates, instead of a notebook's outputs."""
    seen = []

    class Handle:
        def update(self, bundle, **_options):
            seen.append(bundle)

    def display(thing, **_options):
        seen.append(thing)
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    return seen


@pytest.fixture
def sliders(monkeypatch):
    """The sliders that `explore` makes."""
    made, slider = [], ipywidgets.SelectionSlider
    monkeypatch.setattr(
        ipywidgets, "SelectionSlider", lambda **options: made.append(slider(**options)) or made[-1]
    )
    return made


def pixels(picture):
    return Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB").tobytes()


def test_explore_shows_a_static_first_frame_and_redraws(shown, sliders):
    widgets.explore(draw, alt="A bar", height=[2, 1, 3])
    box, first = shown
    assert "application/vnd.jupyter.widget-view+json" in box
    (slider,) = sliders
    assert slider.value == 2 and [v for _, v in slider.options] == [1, 2, 3]
    slider.value = 3
    assert pixels(shown[-1]["image/png"]) != pixels(first["image/png"])
    slider.value = 2
    assert shown[-1]["image/png"] == first["image/png"]


def test_explore_offers_words_as_a_list(shown, monkeypatch):
    """A slider would cut long words off."""
    made, dropdown = [], ipywidgets.Dropdown
    monkeypatch.setattr(
        ipywidgets, "Dropdown", lambda **options: made.append(dropdown(**options)) or made[-1]
    )
    widgets.explore(draw, alt="A bar", height=[1], colour=["k", "r"])
    (control,) = made
    assert control.options == (("k", "k"), ("r", "r"))
    control.value = "r"
    assert pixels(shown[-1]["image/png"]) != pixels(shown[1]["image/png"])


def test_frames_cover_every_combination_when_few(shown, monkeypatch):
    monkeypatch.setenv("COURSE_STORED", "1")
    widgets.explore(draw, alt="A bar", height=[1, 2], colour=["k", "r", "b"])
    frames = shown[1][widgets.FRAMES_MIME]
    assert frames["controls"] == [["height", ["1", "2"]], ["colour", ["k", "r", "b"]]]
    assert len(frames["pictures"]) == 6 and frames["alt"] == "A bar"
    assert len(set(frames["pictures"])) == 6
    svg = gzip.decompress(base64.b64decode(frames["pictures"][frames["first"]]))
    assert svg.count(b"<svg") == 1 and b"fill: #ffffff" not in svg, "a page's ground shows through"
    picture = Image.open(io.BytesIO(base64.b64decode(shown[1]["image/png"])))
    assert picture.size == (2 * frames["width"], 2 * frames["height"])


def test_frames_that_are_heavy_as_svg_are_sharp_png(shown, monkeypatch):
    monkeypatch.setenv("COURSE_STORED", "1")
    monkeypatch.setattr(widgets, "HEAVIEST", 1)
    widgets.explore(draw, alt="A bar", height=[2, 1])
    frames = shown[1][widgets.FRAMES_MIME]
    assert frames["pictures"][frames["first"]] == shown[1]["image/png"]
    assert len({pixels(p) for p in frames["pictures"]}) == 2


def test_frames_are_drawn_only_where_outputs_are_stored(shown):
    widgets.explore(draw, alt="A bar", height=[2, 1])
    assert widgets.FRAMES_MIME not in shown[1]


def test_frames_follow_the_first_control_when_many(shown, monkeypatch):
    monkeypatch.setenv("COURSE_STORED", "1")
    widgets.explore(draw, alt="A bar", height=list(range(1, 12)), colour=["k", "r", "b", "g"])
    frames = shown[1][widgets.FRAMES_MIME]
    assert len(frames["pictures"]) == 11 and frames["controls"][1] == ["colour", ["k"]]


def test_explore_leaves_no_figure_open(shown):
    widgets.explore(draw, alt="A bar", height=[1, 2])
    assert plt.get_fignums() == []


@pytest.mark.parametrize("controls", [{}, {"height": []}])
def test_explore_bad_input(controls):
    with pytest.raises(ValueError, match="at least one control"):
        widgets.explore(draw, alt="A bar", **controls)
