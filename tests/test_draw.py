"""helpers.draw makes diagrams that say in words what they show; style.sharp_png what it weighs."""

import base64
import gzip
import io
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from PIL import Image

from helpers import draw, plots, style


def test_a_diagram_needs_words_and_gives_them():
    with pytest.raises(ValueError, match="alt"):
        draw.frame(" ", 4, 2)
    ax = draw.frame("x goes through W to the loss", 8, 3)
    draw.tensor(ax, (1, 1.5), "x", "(B, 3, 8, 8)", sheets=3)
    draw.box(ax, (3.5, 1.5), "x W + b", learnt=True)
    draw.ring(ax, (5, 1.5), "×")
    draw.loss(ax, (7, 1.5))
    draw.arrow(ax, (1.6, 1.5), (2.7, 1.5), "forward")
    draw.arrow(ax, (2.7, 1.2), (1.6, 1.2), "back", kind="gradient")
    assert style.describe(ax.figure) == "x goes through W to the loss"
    said = {t.get_text() for t in ax.texts}
    assert {"x", "(B, 3, 8, 8)", "x W + b", "×", "L", "forward", "back"} <= said
    heavy = [p.get_linewidth() for p in ax.patches]
    assert heavy.count(1.8) == 1, "the one operation that is learnt has the heavy edge"
    dashed = [p for p in ax.patches if p.get_linestyle() not in ("-", "solid")]
    assert len(dashed) == 1, "the one gradient is dashed"


def test_numbers_lie_in_rows_from_their_lower_left_corner():
    ax = draw.frame("two rows of numbers", 4, 2)
    draw.numbers(ax, (1, 0), torch.tensor([[1.5, -2], [3, 4]]), 0.5, heavy={(1, 0)})
    places = {t.get_text(): t.get_position() for t in ax.texts if t.get_text()}
    assert places == {"1.5": (1.25, 0.75), "−2": (1.75, 0.75), "3": (1.25, 0.25), "4": (1.75, 0.25)}
    heavy = [p.get_xy() for p in ax.patches if p.get_linewidth() == 1.8]
    assert heavy == [(1, 0)], "the one place that is named is drawn as weights are"


def test_a_sharp_picture_has_twice_the_pixels_of_its_place():
    figure, ax = plt.subplots(figsize=(4, 2))
    ax.plot([1, 2], [3, 5])
    picture, size = style.sharp_png(figure)
    page = Image.open(io.BytesIO(base64.b64decode(picture)))
    assert page.width // 2 == size["width"] and page.height // 2 == size["height"]
    assert page.width > 1.5 * 4 * figure.dpi


def test_a_sharp_picture_of_a_map_keeps_its_colours_and_another_few():
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.imshow(np.linspace(0, 1, 90_000).reshape(300, 300), cmap="Greys", vmax=1.3)
    ax.plot([10, 290], [20, 150], color=style.COLOURS[1], linewidth=1)
    page = Image.open(io.BytesIO(base64.b64decode(style.sharp_png(figure)[0]))).convert("RGB")
    wanted = [int(style.COLOURS[1][i : i + 2], 16) for i in (1, 3, 5)]
    found = np.unique(np.asarray(page, int).reshape(-1, 3), axis=0)
    assert (found == wanted).all(1).any(), "the thin line's own"
    assert (np.ptp(found, axis=1) == 0).sum() > 150, "and the map's shades"
    ax.images[0].remove()
    page = Image.open(io.BytesIO(base64.b64decode(style.sharp_png(figure)[0])))
    assert len(page.getcolors()) <= 32


def test_a_vector_picture_is_the_same_twice_and_left_out_where_it_is_heavy(monkeypatch):
    figure, ax = plt.subplots(figsize=(4, 2))
    ax.plot([1, 2], [3, 5])
    packed = style.vector(figure)[style.SVG_MIME]
    assert packed == style.vector(figure)[style.SVG_MIME]
    root = ElementTree.fromstring(gzip.decompress(base64.b64decode(packed)))
    assert root.tag.endswith("svg")
    monkeypatch.setattr(style, "HEAVIEST", len(packed) - 1)
    assert style.vector(figure) == {}


def test_wilson_contains_the_share_and_equals_a_worked_case():
    # 495 of 500: (0.99 + 1.96²/1000) / (1 + 1.96²/500), half width worked out by hand
    low, high = plots.wilson(torch.tensor(495.0), torch.tensor(500.0))
    assert abs(low - 0.97683) < 1e-4 and abs(high - 0.99572) < 1e-4
    low, high = plots.wilson(torch.tensor([0.0, 5.0]), torch.tensor([5.0, 5.0]))
    assert low[0] == 0 and abs(high[0] - 0.4345) < 1e-3 and abs(low[1] - 0.5655) < 1e-3
