"""Matplotlib figures from data; nothing is trained here. Each function returns a Figure."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor

from helpers.style import COLOURS, DASHES, MARKERS, use_style  # noqa: F401 - notebooks use them


def _headline(figure: Figure, title: str) -> None:
    figure.suptitle(title, fontsize=11, x=0.01, ha="left")


def _grid(count: int, columns: int, place: tuple[float, float], more: tuple[float, float]):
    """A figure of so many empty places, and their axes. place, more: inches of each, and around."""
    columns = min(columns, count)
    rows = -(-count // columns)
    size = (place[0] * columns + more[0], place[1] * rows + more[1])
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    return figure, list(axes.flat)


def images(
    x: Tensor,
    titles: Sequence[str] | None = None,
    *,
    columns: int = 10,
    title: str = "",
    scale: float = 0.85,
    symmetric: bool = False,
) -> Figure:
    """A grid of images `(N, C, H, W)`, each in a range of its own, about zero if symmetric."""
    x = torch.as_tensor(x).detach().cpu()
    if x.ndim == 3:
        x = x[:, None]
    if x.ndim != 4:
        raise ValueError(f"images need shape (N, C, H, W) or (N, H, W), not {tuple(x.shape)}")
    extra = 0.25 if titles is not None else 0
    figure, axes = _grid(len(x), columns, (scale, scale + extra), (0, 0.35 if title else 0))
    for i, (ax, image) in enumerate(zip(axes, x, strict=False)):
        picture = image.permute(1, 2, 0).numpy()  # (H, W, C)
        if picture.shape[2] == 1:
            limit = float(np.abs(picture).max()) or 1.0
            signed = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit}
            ax.imshow(picture[:, :, 0], **(signed if symmetric else {"cmap": "gray"}))
        else:
            span = float(np.ptp(picture.astype(float))) or 1.0
            ax.imshow((picture - picture.min().astype(float)) / span)
        if titles is not None:
            ax.set_title(titles[i], fontsize=8, loc="center")
    if title:
        _headline(figure, title)
    return figure


def lines(
    curves: dict[str, Sequence[float]],
    x: Sequence[float] | None = None,
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    bands: dict[str, Sequence[float]] | None = None,
    log_x: bool = False,
    log_y: bool = False,
    marker: bool = True,
) -> Figure:
    """Named curves over a common x; `bands` holds a half-width (such as one deviation) per name."""
    figure, ax = plt.subplots()
    for i, (name, y) in enumerate(curves.items()):
        y = np.asarray(y, dtype=float)
        at = np.arange(1, len(y) + 1) if x is None else np.asarray(x, dtype=float)
        ax.plot(at, y, label=name, marker=MARKERS[i % 8] if marker else None, markersize=4)
        if bands and name in bands:
            half = np.asarray(bands[name], dtype=float)
            ax.fill_between(at, y - half, y + half, alpha=0.2, linewidth=0)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.set(xscale="log" if log_x else "linear", yscale="log" if log_y else "linear")
    if len(curves) > 1:
        ax.legend()
    return figure


def history(run, title: str = "Training", held_out: str = "test") -> Figure:
    """Loss (nats) and accuracy against epoch; held_out: what to call the images not trained on."""
    epochs = np.arange(1, len(run) + 1)
    part = run.held_out[0]  # "val" or "test"
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.2))
    labels = {"loss": "cross-entropy (nats)", "accuracy": "accuracy (fraction)"}
    for ax, (name, label) in zip(axes, labels.items(), strict=True):
        train, test = getattr(run, f"train_{name}"), getattr(run, f"{part}_{name}")
        ax.plot(epochs, train, marker="o", markersize=4, label="training")
        ax.plot(epochs, test, marker="s", markersize=4, label=held_out)
        ax.set(title=f"{title}: {name}", xlabel="epoch", ylabel=label)
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.legend()
    return figure


def confusion(counts: Tensor, classes: Sequence[str], title: str) -> Figure:
    """A confusion matrix of counts `(C, C)`: rows are true classes, columns predictions."""
    counts = torch.as_tensor(counts).cpu().numpy()
    side = 2 + 0.38 * len(classes)
    figure, ax = plt.subplots(figsize=(side + 0.6, side))
    share = counts / counts.sum(1, keepdims=True).clip(1)
    filled = np.ma.masked_equal(share, 0)  # an empty place stays open, in a dark page too
    ax.imshow(filled, cmap="Greys", vmin=0, vmax=1)
    for i, j in np.argwhere(counts):
        colour = "white" if share[i, j] > 0.5 else "black"
        ax.text(j, i, int(counts[i, j]), ha="center", va="center", color=colour, size=8)
    places = range(len(classes))
    ax.set_xticks(places, classes, rotation=90 if max(map(len, classes)) > 2 else 0)
    ax.set_yticks(places, classes)
    ax.set(title=title, xlabel="predicted class", ylabel="true class")
    ax.grid(False)
    return figure


def seeds(results: dict[str, Sequence[float]], *, title: str, xlabel: str) -> Figure:
    """One row per name: a dot for each run (seed), a bar at their mean."""
    names = list(results)
    figure, ax = plt.subplots(figsize=(7, 0.9 + 0.38 * len(names)))
    for row, name in enumerate(names):
        values = np.asarray(results[name], dtype=float)
        ax.plot(values, [row] * len(values), "o", color=COLOURS[0], alpha=0.6, markersize=6)
        ax.plot([values.mean()] * 2, [row - 0.3, row + 0.3], "-", color=COLOURS[2], linewidth=2)
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set(title=title, xlabel=xlabel)
    return figure


def outlined(maps: Tensor, x: Tensor, titles: Sequence[str], *, title: str, label: str) -> Figure:
    """Signed maps `(N, H, W)` in colour, with the outlines of the images `(N, C, H, W)` on them.

    All maps share one range, symmetric about zero; `label` names their unit.
    """
    maps = torch.as_tensor(maps).detach().cpu()
    x = torch.as_tensor(x).detach().cpu().float()
    figure, axes = _grid(len(maps), 6, (1.35, 1.55), (0.9, 0.4))
    limit = float(maps.abs().max()) or 1.0
    for ax, values, image, name in zip(axes, maps, x.mean(1), titles, strict=False):
        drawn = ax.imshow(values.numpy(), cmap="RdBu_r", vmin=-limit, vmax=limit)
        if image.min() < image.max():
            middle = float(image.min() + image.max()) / 2
            ax.contour(image.numpy(), levels=[middle], colors="black", linewidths=0.8)
        ax.set_title(name, fontsize=9, loc="center")
    figure.colorbar(drawn, ax=axes, label=label, shrink=0.9)
    _headline(figure, title)
    return figure


def range_test(result, title: str) -> Figure:
    """The smoothed loss against the learning rate, of a `diagnostics.RangeTest`."""
    figure, ax = plt.subplots(figsize=(7, 3.2))
    ax.plot(result.rates, result.losses)
    ax.axvline(result.suggestion, color="black", linestyle="--", linewidth=1)
    words = f"start near {result.suggestion:.2g} "
    ax.annotate(words, (result.suggestion, 0.1), ha="right", size=9)
    ax.set_ylim(0, 1.3 * max(result.losses[0], 1e-3))
    ax.set(title=title, xlabel="learning rate (logarithmic)", ylabel="loss (nats, running mean)")
    ax.set_xscale("log")
    return figure


def layer_histograms(layers: dict, title: str) -> Figure:
    """Shares of activations and of gradients by layer, of `diagnostics.layer_statistics`.

    Each layer is one row, from the input (top) to the output (bottom); heights are square roots
    of shares, so that a spike at 0 does not hide the rest.
    """
    figure, both = plt.subplots(1, 2, figsize=(9, 0.42 * len(layers) + 1.3), sharey=True)
    activations = [layer.activation.flatten().float() for layer in layers.values()]
    gradients = [layer.gradient.flatten().float() for layer in layers.values()]
    widest = max(float(g.std()) for g in gradients) or 1.0
    gradients = [g / widest for g in gradients]
    span = 2.5 * (max(float(a.std()) for a in activations) or 1.0)
    for ax, values, limit, label in (
        (both[0], activations, span, "activation a"),
        (both[1], gradients, 3.0, "gradient dL/da (widest layer's deviation = 1)"),
    ):
        edges = np.linspace(-limit, limit, 21)
        for row, v in enumerate(values):
            counts = np.histogram(v.numpy(), edges)[0]  # the few beyond the edges are not drawn
            top = row - 0.85 * np.sqrt(counts / max(counts.max(), 1))
            ax.fill_between(edges[:-1], row, top, step="post", color=COLOURS[0], alpha=0.8)
        ax.set_xlabel(label)
        ax.set_ylim(len(values) - 0.5, -1.1)
        ax.grid(axis="y", visible=False)
    both[0].set_yticks(range(len(layers)), [f"layer {i + 1}" for i in range(len(layers))])
    _headline(figure, title)
    return figure


def reliability(confidence: Tensor, correct: Tensor, title: str, bins: int = 10) -> Figure:
    """Accuracy against confidence in equal bins; the diagonal is perfect calibration.

    confidence: the probability given to the predicted class, `(N,)`; correct: bool `(N,)`.
    """
    figure, (ax, below) = plt.subplots(2, 1, figsize=(6, 4.6), sharex=True, height_ratios=(3, 1))
    which = (confidence * bins).long().clamp(0, bins - 1)
    counts = torch.bincount(which, minlength=bins)
    right = torch.bincount(which, correct.float(), bins)
    full = counts > 0
    accuracy = (right / counts)[full]
    mean = (torch.bincount(which, confidence.float(), bins) / counts)[full]
    ax.plot([0, 1], [0, 1], ":", color="black", label="perfect calibration")
    low, high = wilson(right[full], counts[full])
    spread = torch.stack([accuracy - low, high - accuracy]).clamp_min(0)
    look = {"fmt": "o-", "color": COLOURS[0], "capsize": 3}
    ax.errorbar(mean, accuracy, spread, label="measured, 95 % interval", **look)
    ax.set(title=title, ylabel="accuracy (fraction)", ylim=(0, 1.02), xlim=(0, 1.02))
    ax.legend(loc="upper left")
    below.bar((np.arange(bins) + 0.5) / bins, counts.numpy(), 0.9 / bins, color=COLOURS[0])
    below.set(xlabel="confidence: probability of the predicted class", ylabel="predictions")
    return figure


def wilson(right: Tensor, of: Tensor, z: float = 1.96) -> tuple[Tensor, Tensor]:
    """Wilson's interval (1927) for a share, from counts: lowest and highest, 95 % by default."""
    share = right / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * (share * (1 - share) / of + z**2 / (4 * of**2)).sqrt()
    return middle - half, middle + half


def surfaces(at: Tensor, losses: dict[str, Tensor], *, title: str) -> Figure:
    """Contour maps of losses `(P, P)` in nats over the places `at` `(P,)`, one per name.

    All share the same levels, which rise by factors, so that neighbours can be compared. Rows
    are places s along the direction u, columns places t along v.
    """
    levels = (0.03, 0.1, 0.3, 1.0, 2.3, 5.0)
    size = (2.4 * len(losses) + 0.4, 3)
    figure, axes = plt.subplots(1, len(losses), figsize=size, squeeze=False, sharey=True)
    for ax, (name, values) in zip(axes[0], losses.items(), strict=True):
        values = torch.as_tensor(values).detach().cpu()
        ax.contourf(at, at, values, levels=levels, cmap="Greys", extend="both", alpha=0.6)
        drawn = ax.contour(at, at, values, levels=levels, colors="black", linewidths=0.8)
        ax.clabel(drawn, fmt="%g", fontsize=8)
        ax.plot(0, 0, "+", color="black", markersize=9)
        ax.set_title(name, loc="center", fontsize=10)
        ax.set(xlabel="t, along v", aspect="equal")
        ax.grid(False)
    axes[0, 0].set_ylabel("s, along u")
    _headline(figure, title)
    return figure
