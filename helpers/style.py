"""How every figure of the course looks, and what a notebook shows of it."""

import base64
import gzip
import io
import os
import re

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

# each at least 3:1 on white, neighbours apart in greyscale and for colour-blind readers; lines
# differ in dash and marker too; the site has a partner of each for dark pages
COLOURS = ("#1d3a9a", "#c75b1e", "#07705f", "#40082f", "#c377d0", "#a3153a", "#0d86b8", "#7a2e00")
DASHES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
INK, SECOND, RULE = "#1c2530", "#515c68", "#c9d0d8"
SVG_MIME = "application/vnd.bench.svg+gzip"  # JupyterLab shows the PNG beside it, the site this
HEAVIEST = 40_000  # characters of a packed SVG: a cloud of points is lighter as PNG


def use_style() -> None:
    """The look of every figure of the course: call once at the top of a notebook."""
    lines = cycler(color=COLOURS) + cycler(linestyle=2 * DASHES)
    plt.rc("axes", prop_cycle=lines, edgecolor=SECOND, labelcolor=INK, grid=True, axisbelow=True)
    plt.rc("axes", titlesize=11, titlelocation="left")
    plt.rc("axes.spines", top=False, right=False)
    plt.rc("grid", color=RULE, linewidth=0.6)
    plt.rc("text", color=INK, hinting="none")  # letters as wide in a PNG as in an SVG
    plt.rc(("xtick", "ytick"), color=SECOND)
    plt.rc("figure", figsize=(7, 3.6), dpi=80)
    plt.rc("figure.constrained_layout", use=True)
    plt.rc("image", cmap="gray", interpolation="none")  # pixels stay pixels, in an SVG too
    plt.rc("legend", frameon=False)
    plt.rc("font", size=10)
    _show_each_figure_once()


def _show_each_figure_once() -> None:
    """Close a figure that a cell has displayed as its result, or the cell's end shows it again."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or "inline" not in plt.get_backend():
        return
    plt.close(plt.figure())  # loads the backend, which registers how a figure becomes a PNG
    formatter = shell.display_formatter.formatters["image/png"]

    def to_png_and_close(figure: Figure):
        picture, size = sharp_png(figure)
        return picture, {"alt": describe(figure), **size}

    formatter.for_type(Figure, to_png_and_close)
    if stored():
        shell.display_formatter.mimebundle_formatter.for_type(Figure, vector)  # this comes first


def stored() -> bool:
    """Whether outputs are made to be stored, with what only the reader's site shows."""
    return os.environ.get("COURSE_STORED") == "1"


def sharp_png(
    figure: Figure, colours: int | None = None, box: str | None = "tight"
) -> tuple[str, dict[str, int]]:
    """A figure, closed, as a PNG in base64 at twice the resolution, and its size on the page.

    colours: None takes 32, and 256 where values are drawn as colours: the many shades would leave
    none for a thin line. box: None keeps the margin, for frames that take turns.
    """
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=2 * figure.dpi, bbox_inches=box)
    plt.close(figure)
    page = Image.open(drawn).convert("RGB")
    page = page.quantize(colours or (256 if has_map(figure) else 32))
    page.save(small, format="PNG", optimize=True)
    size = {"width": page.width // 2, "height": page.height // 2}
    return base64.b64encode(small.getvalue()).decode("ascii"), size


def has_map(figure: Figure) -> bool:
    """Whether values are drawn as colours within axes; a grid of images has none."""
    return any(
        ax.axison and (ax.images or any(isinstance(part, QuadMesh) for part in ax.collections))
        for ax in figure.axes
    )


def vector(figure: Figure, box: str | None = "tight") -> dict[str, str]:
    """The figure as SVG without a ground, gzipped, in base64; nothing where that is heavy."""
    drawn = io.StringIO()
    never = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with plt.rc_context({"svg.fonttype": "path", "svg.hashsalt": "bench"}):
        figure.savefig(drawn, format="svg", transparent=True, bbox_inches=box, metadata=never)
    text = re.sub(r"\n\s*", " ", drawn.getvalue())
    text = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path.group()), text)
    packed = base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")
    return {SVG_MIME: packed} if len(packed) <= HEAVIEST else {}


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
