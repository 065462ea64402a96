"""Item 14: a net of your own, on pages that it has not seen."""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import begun, fail, kind
from checks.values import listed
from helpers import data


def pages(seed: int, rename: int, mirror: bool) -> tuple[Tensor, Tensor]:
    """Digits at chance places on pages of 12x12, all of them mirrored or not, classes renamed."""
    generator = torch.Generator().manual_seed(seed)
    digits = data.load("digits")
    order = torch.randperm(1797, generator=generator)
    small = torch.cat([digits.train_x, digits.test_x])[order]
    y = (rename * torch.cat([digits.train_y, digits.test_y])[order] + rename - 1) % 10
    x = torch.zeros(1797, 1, 12, 12, dtype=torch.uint8)
    places = torch.randint(5, (1797, 2), generator=generator)
    for page, digit, (i, j) in zip(x, small, places, strict=True):
        page[:, i : i + 8, j : j + 8] = digit.flip(2) if mirror else digit
    return x, y


def labels_of(train_and_predict, x: Tensor, y: Tensor, tried: str) -> Tensor:
    came = call(train_and_predict, x[:1297], y[:1297], x[1297:], tried=tried)
    begun(came, tried)
    parts = torch.as_tensor(listed(came) if listed(came) is not None else came)
    if parts.shape != (500,) or parts.is_floating_point() and bool((parts % 1).any()):
        likely = "logits (500, 10) become labels with .argmax(1)" if parts.ndim == 2 else ""
        likely = (
            "argmax(1) goes over the classes, not argmax(0)" if parts.shape == (10,) else likely
        )
        likely = "one label a page, (500,), not a column" if parts.shape == (500, 1) else likely
        fail(tried, "500 whole numbers, the labels", kind(came), likely)
    return parts


def by_heart(train_and_predict, x: Tensor, y: Tensor, tried: str) -> float:
    """The share that is right of 500 pages among those from which it learns."""
    known = torch.cat([x[:1297], x[:500]])
    return (labels_of(train_and_predict, known, y, tried) == y[:500]).double().mean().item()


@item("Item 14, train_and_predict")
def check_training(train_and_predict, seed, rename=1, mirror=False, again=False) -> None:
    """93 per cent of 500 pages that the net has not seen; again: the same from another seed."""
    x, y = pages(seed, rename, mirror)
    tried = "train_and_predict on 1,297 pages, then 500 others"
    parts = labels_of(train_and_predict, x, y, tried)
    share = (parts == y[1297:]).double().mean().item()
    if share < 0.93:
        likely = "it has learnt, but too little: more epochs, another rate, convolutions"
        if share > 0.4 and (known := by_heart(train_and_predict, x, y, tried)) > 0.98:
            likely = (
                f"of the pages that it has learnt from, {100 * known:.0f} per cent are right: not "
            )
            likely += "more epochs, but layers that give one class wherever the digit lies"
        if share < 0.2:
            likely = "guessing gives as much: too little training, or not by what is given"
        fail(tried, "at least 93 per cent right", f"{100 * share:.1f} per cent", likely)
    if again:
        torch.manual_seed(seed), random.seed(seed), np.random.seed(seed)  # noqa: NPY002
        other = labels_of(train_and_predict, x, y, tried)
        if (changed := int((other != parts).sum())) > 1:
            likely = "seed what you draw, the first weights too: torch.manual_seed at the beginning"
            fail(f"{tried}, twice", "the same predictions", f"{changed} others", likely)
