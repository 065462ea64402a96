"""Instruments to play with: `explore` puts sliders on a function that draws a figure.

The picture is an ordinary output; moving a slider draws it anew in place. Where outputs are stored,
frames drawn beforehand travel with it: the reader's site offers the same sliders with no kernel.
"""

import itertools
import math
from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from helpers.style import SVG_MIME, sharp_png, stored, vector

FRAMES_MIME = "application/vnd.bench.frames+json"
MOST_FRAMES = 32
FRAME = {"colours": 64, "box": None}  # frames that take turns are of one size
HEAVIEST = 300_000  # characters of all frames as SVG; above, they are PNG


def explore(draw: Callable[..., Figure], *, alt: str, **controls: Sequence) -> None:
    """Show `draw(**settings)` with one control per name: a slider for numbers, a list for words.

    Each control is given as its values, and stands at the first of them. alt: what the figure
    shows, in words. Of more than 32 combinations, the frames cover the first control alone.
    """
    import ipywidgets
    from IPython.display import display

    if not controls or any(len(values) == 0 for values in controls.values()):
        raise ValueError("explore needs at least one control, and at least one value for each")
    first = {name: values[0] for name, values in controls.items()}
    ordered = {n: sorted(v) if _numbers(v) else list(v) for n, v in controls.items()}
    sliders = {name: _control(name, ordered[name], first[name]) for name in controls}
    box = ipywidgets.VBox(list(sliders.values()))._repr_mimebundle_()
    display({**box, "text/plain": "(The sliders move while a kernel runs.)"}, raw=True)
    picture, size = sharp_png(draw(**first), **FRAME)
    bundle = {"image/png": picture, "text/plain": alt}
    if stored():
        bundle[FRAMES_MIME] = {**_frames(draw, ordered, first), **size, "alt": alt}
    about = {"image/png": {"alt": alt, **size}}
    shown = display(bundle, raw=True, metadata=about, display_id=True)

    def redraw(_change) -> None:
        settings = {name: slider.value for name, slider in sliders.items()}
        drawn = bundle
        if settings != first:
            drawn = {"image/png": sharp_png(draw(**settings), **FRAME)[0]}
        shown.update({**drawn, "text/plain": alt}, raw=True, metadata=about)

    for slider in sliders.values():
        slider.observe(redraw, names="value")


def _control(name: str, values: list, first):
    import ipywidgets

    numbers = _numbers(values)
    kind = ipywidgets.SelectionSlider if numbers else ipywidgets.Dropdown
    return kind(
        options=[(_label(v), v) for v in values],
        value=first,
        description=name.replace("_", " "),
        style={"description_width": "initial"},
        layout={"width": "24em"},
        **({"continuous_update": False} if numbers else {}),
    )


def _frames(draw: Callable[..., Figure], ordered: dict[str, list], first: dict) -> dict:
    """Pictures for the settings that a page without a kernel can show: all SVG, or all PNG."""
    if math.prod(map(len, ordered.values())) > MOST_FRAMES:
        shown = next(iter(ordered))
        ordered = {n: v if n == shown else [first[n]] for n, v in ordered.items()}
    settings = list(itertools.product(*ordered.values()))  # the last control varies fastest
    drawn = [_frame(draw(**dict(zip(ordered, s, strict=True)))) for s in settings]
    light = sum(len(svg) for svg, _ in drawn) <= HEAVIEST
    return {
        "controls": [[n.replace("_", " "), list(map(_label, v))] for n, v in ordered.items()],
        "first": settings.index(tuple(first.values())),
        "pictures": [svg if light else png for svg, png in drawn],
    }


def _frame(figure: Figure) -> tuple[str, str]:
    """As packed SVG and as PNG, in base64."""
    svg = vector(figure, box=None).get(SVG_MIME, "-" * (HEAVIEST + 1))
    return svg, sharp_png(figure, **FRAME)[0]


def _numbers(values: Sequence) -> bool:
    return all(isinstance(v, int | float) for v in values)


def _label(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
