"""Diagrams: tensors with their shapes, operations, arrows, and gradients against the flow.

Everything is placed by its centre, in units of half an inch. Data flow from left to right; what
is learnt has a heavy edge; gradients are dashed and run back below.
"""

from collections.abc import Collection, Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Polygon, Rectangle

INK, EDGE, GRADIENT = "#1c2530", "#515c68", "#8f3d0c"
FILLS = {"tensor": "#dfe7f7", "weight": "#f9e3d3", "loss": "#efe3f2", "plain": "#ffffff"}
XY = tuple[float, float]  # a place, or width and height


def _look(kind: str) -> dict:
    return {"fc": FILLS[kind], "ec": EDGE, "lw": 1.8 if kind == "weight" else 1.1}


def frame(alt: str, width: float, height: float, title: str = "") -> Axes:
    """An empty page of so many units. alt: what the diagram shows, in words; it must be given."""
    if not alt.strip():
        raise ValueError("a diagram needs `alt`, its content in words, for who cannot see it")
    figure, ax = plt.subplots(figsize=(width / 2, height / 2 + (0.3 if title else 0)))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    if title:
        ax.set_title(title, loc="left")
    figure.alt = alt
    return ax


def tensor(
    ax: Axes,
    at: XY,
    name: str,
    shape: str,
    size: XY = (1, 1),
    sheets: int = 1,
    kind: str = "tensor",
) -> None:
    """A block of numbers: name above, shape below. sheets: up to three, for channels."""
    (x, y), (w, h), step = at, size, 0.14
    for sheet in reversed(range(min(sheets, 3))):
        corner = (x - w / 2 + sheet * step, y - h / 2 + sheet * step)
        ax.add_patch(Rectangle(corner, w, h, **_look(kind)))
    lift = step * (min(sheets, 3) - 1)
    text(ax, (x, y + h / 2 + lift + 0.28), name, style="italic")
    text(ax, (x, y - h / 2 - 0.28), shape, size=8, family="monospace")


def numbers(
    ax: Axes,
    corner: XY,
    values: Sequence,
    side: float = 1,
    kind: str = "tensor",
    heavy: Collection[tuple[int, int]] = (),
) -> None:
    """Rows of numbers in squares, from their lower left corner; heavy: places drawn as weights."""
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            at = (corner[0] + (j + 0.5) * side, corner[1] + (len(values) - i - 0.5) * side)
            look = "weight" if (i, j) in heavy else kind
            tensor(ax, at, "", "", (side, side), kind=look)
            text(ax, at, f"{float(value):g}".replace("-", "−"), size=11 if side >= 1 else 9)


def box(ax: Axes, at: XY, label: str, width: float = 1.6, learnt=False) -> None:
    """An operation: a rounded box; filled and heavy where it holds weights that are learnt."""
    corner = (at[0] - width / 2 + 0.1, at[1] - 0.3)
    look = _look("weight" if learnt else "plain")
    ax.add_patch(FancyBboxPatch(corner, width - 0.2, 0.6, boxstyle="round,pad=0.1", **look))
    text(ax, at, label)


def loss(ax: Axes, at: XY, label: str = "L", radius: float = 0.6) -> None:
    """The loss: a hexagon."""
    x, y = at
    corners = [(1, 0), (0.5, 0.87), (-0.5, 0.87), (-1, 0), (-0.5, -0.87), (0.5, -0.87)]
    points = [(x + radius * a, y + radius * b) for a, b in corners]
    ax.add_patch(Polygon(points, **_look("loss")))
    text(ax, at, label)


def ring(ax: Axes, at: XY, sign: str = "+", radius: float = 0.28) -> None:
    """A sum or a product: its sign in a ring."""
    ax.add_patch(Circle(at, radius, **_look("plain")))
    text(ax, at, sign)


def arrow(
    ax: Axes, start: XY, end: XY, label: str = "", kind: str = "forward", bend: float = 0.0
) -> None:
    """kind: "forward", solid, or "gradient", dashed with an open head. bend: an arc, for skips."""
    gradient = kind == "gradient"
    colour, head, dash = (GRADIENT, "->", (0, (4, 2))) if gradient else (INK, "-|>", "-")
    look = {"arrowstyle": head, "mutation_scale": 11, "linestyle": dash, "color": colour, "lw": 1.2}
    ax.add_patch(FancyArrowPatch(start, end, connectionstyle=f"arc3,rad={bend}", **look))
    if label:
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + (-0.28 if gradient else 0.28))
        text(ax, middle, label, size=9, color=colour)


def text(ax: Axes, at: XY, words: str, size: float = 10, **style) -> None:
    """Words centred at a place."""
    ax.text(*at, words, ha="center", va="center", size=size, **{"color": INK, **style})
