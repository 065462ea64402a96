"""How every figure of the course looks, and what a notebook shows of it."""

from __future__ import annotations

import base64
import io

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

# Okabe and Ito's palette (2008), told apart by colour-blind readers, ordered so that
# neighbours also differ in greyscale; lines differ in dash and marker too
COLOURS = ("#0072B2", "#E69F00", "#000000", "#CC79A7", "#009E73", "#F0E442", "#D55E00", "#56B4E9")
DASHES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")


def use_style() -> None:
    """The look of every figure of the course: call once at the top of a notebook."""
    from cycler import cycler

    count = len(COLOURS)
    dashes = [DASHES[i % len(DASHES)] for i in range(count)]
    plt.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=COLOURS) + cycler(linestyle=dashes),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.titlesize": 11,
            "axes.titlelocation": "left",
            "grid.alpha": 0.25,
            "figure.figsize": (7, 3.6),
            "figure.dpi": 80,
            "figure.constrained_layout.use": True,
            "image.cmap": "gray",
            "legend.frameon": False,
            "font.size": 10,
        }
    )
    _show_each_figure_once()


def _show_each_figure_once() -> None:
    """Close a figure that a cell has displayed as its result, or the cell's end shows it again."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or "inline" not in plt.get_backend():
        return
    plt.close(plt.figure())  # loads the backend, which registers how a figure becomes a PNG
    formatter = shell.display_formatter.formatters["image/png"]
    if getattr(formatter.lookup_by_type(Figure), "closes", False):
        return

    def to_png_and_close(figure: Figure):
        picture, size = sharp_png(figure)
        plt.close(figure)
        return picture, {"alt": describe(figure), **size}

    to_png_and_close.closes = True
    formatter.for_type(Figure, to_png_and_close)


def sharp_png(figure: Figure) -> tuple[str, dict[str, int]]:
    """A PNG in base64 at twice the resolution, in 128 colours, and its size on the page."""
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=2 * figure.dpi, bbox_inches="tight")
    page = Image.open(drawn).convert("RGB").quantize(128)
    page.save(small, format="PNG", optimize=True)
    size = {"width": page.width // 2, "height": page.height // 2}
    return base64.b64encode(small.getvalue()).decode("ascii"), size


def describe(figure: Figure) -> str:
    """What a figure shows, in words, from its titles, axis labels and legends."""
    if hasattr(figure, "alt"):  # a diagram of `draw` says it itself
        return figure.alt
    parts = [figure.get_suptitle()]
    for ax in figure.axes:
        title = ax.get_title("left") or ax.get_title() or ax.get_title("right")
        axes = [f"{ax.get_ylabel()} against {ax.get_xlabel()}"] if ax.get_xlabel() else []
        legend = ax.get_legend()
        names = [text.get_text() for text in legend.get_texts()] if legend else []
        parts.append("; ".join(filter(None, [title, *axes, ", ".join(names)])))
    words = ". ".join(dict.fromkeys(filter(None, parts)))  # each once, in order
    return " ".join(words.split())[:400] or "A figure without a title"
