"""Item 1: the data, against scikit-learn's scaler."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from sklearn.preprocessing import StandardScaler
from torch import Tensor

from checks.calls import Case, item, judge
from checks.compare import fail, pair, tensor
from checks.values import OneOf


def images(N: int, M: int, brightness: list, dark: int | None, few: int | None = None):
    """uint8 training and test images; the test set is unlike the training set."""
    g = torch.Generator().manual_seed(N + M)
    channels = [torch.randint(a, b + 1, (N + M, 1, 3, 2), generator=g) for a, b in brightness]
    x = torch.cat(channels, 1).to(torch.uint8)
    x[N:, :, 0] = 255 - x[N:, :, 0] // 2
    if N > 3:  # one image is black, though no channel is
        x[N - 1] = 0
    if dark is not None:
        x[:N, dark] = 0
    if few is not None:
        x[:N, few] = 0
        x[: N : N // 4, few, 0, 0] = 1
    return x[:N], x[N:]


def scaled(x: Tensor, seen: Tensor, by: str = "channel", power: float = 1, **settings) -> Tensor:
    """x by scikit-learn's scaler that has seen `seen`; power: of the deviation divided by."""

    def rows(part: Tensor) -> Tensor:
        if by == "pixel":
            return part.flatten(1)
        return part.movedim(1, -1).reshape(-1, part.shape[1] if by == "channel" else 1)

    scaler = StandardScaler(**settings).fit(rows(seen))
    if scaler.scale_ is not None:
        scaler.scale_ = scaler.scale_**power
    values = torch.as_tensor(scaler.transform(rows(x)))
    if by == "pixel":
        return values.view(x.shape).float()
    return values.view(x.movedim(1, -1).shape).movedim(-1, 1).float()


def test_set_mistakes(train: Tensor, test: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
    """What becomes of the test set; the training set is right."""
    own = scaled(train, train)

    def mixed(mean: Tensor, deviation: Tensor) -> Tensor:
        """The test set by the mean of one set and the deviation of the other."""
        centred = test - mean.mean((0, 2, 3), keepdim=True)
        return (scaled(centred + 0, deviation, with_mean=False)).float()

    return {
        "the test set has been given its own mean and deviation: use the training set's": (
            own, scaled(test, test),
        ),
        "the test set has been given its own mean: use the training set's": (
            own, mixed(test, train),
        ),
        "the test set has been given its own deviation: use the training set's": (
            own, mixed(train, test),
        ),
        "a channel that is 0 in all training images need not be 0 in the test images": (
            own, torch.where(_dark(train), 0, scaled(test, train)),
        ),
    }  # fmt: skip


def divided(train: Tensor, test: Tensor, deviation: Tensor) -> tuple[Tensor, ...]:
    """Both sets by that deviation, by 1 where it is 0."""
    mean, deviation = train.mean((0, 2, 3), keepdim=True), deviation.where(deviation != 0, 1.0)
    return tuple(((x - mean) / deviation).float() for x in (train, test))


def lifted(std: Tensor) -> list[Tensor]:
    """A deviation to which something is added, or that has a lower bound, but for one of 0."""
    steps = [10.0**-k for k in range(1, 9)]
    found = [std.clamp_min(low) for low in (1 / 255, *steps)] + [std + more for more in steps]
    roots = [(std**2 + more).sqrt() for more in steps]
    return [torch.where(std == 0, std, one) for one in found + roots] + roots[:5]


def deviation_mistakes(train: Tensor, test: Tensor) -> dict:
    """What is divided by another deviation."""
    mean, std = (f(train, (0, 2, 3), keepdim=True) for f in (torch.mean, root))
    by = partial(divided, train, test)
    huge = torch.where(std == 0, torch.finfo(torch.float32).max * (test > 0), by(std)[1])
    wraps = [wrapped(train, mean, size) for size in (torch.abs, torch.relu)]
    return {
        "nothing is added to a deviation that is not 0, and it has no lower bound": OneOf(
            map(by, lifted(std))
        ),
        "a deviation that is small is not 0: divide by it": OneOf(
            by(torch.where(std < low, 1.0, std))
            for low in (1e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.05, 0.1)
        ),
        "one deviation of all pixels of a channel, not the mean of the images' own": by(
            root(train, (2, 3), keepdim=True).mean(0, keepdim=True)
        ),
        "the deviation of a channel is that of all its pixels, not the mean of each pixel's own": by(
            root(train, (0,), keepdim=True).mean((2, 3), keepdim=True)
        ),
        "the root of the mean squared deviation, not the mean of their sizes": by(
            (train - mean).abs().mean((0, 2, 3), keepdim=True)
        ),
        "divide by 255, the largest pixel that there can be": OneOf(
            by(torch.where(std == 0, size / 255, std)) for size in (256, 255 * train.max())
        ),
        "where the training deviation is 0 divide by 1, not by that of the test set": by(
            torch.where(std == 0, root(test, (0, 2, 3), keepdim=True), std)
        ),
        "the deviation is not divided by, or squares in uint8 begin anew at 256: .float() first": OneOf(
            by(one) for one in (*wraps, *([] if _dark(train).any() else [0 * std]))
        ),
        "the deviation is that of the pixels divided by 255, too": by(
            torch.where(std == 0, std, 255 * std)
        ),
        "nan_to_num makes the largest float of infinity: divide by 1 there": (by(std)[0], huge),
    } | piece_mistakes(train, test) | lost_digits(train, test)  # fmt: skip


def lost_digits(train: Tensor, test: Tensor) -> dict[str, OneOf]:
    """Right on paper, wrong in numbers of few digits."""
    by = partial(divided, train, test)
    return {
        "the mean of the squares less the square of the mean has few right digits in float32 where "
        "a channel hardly varies: the mean of the squared differences, as std() has it": OneOf(
            by(one) for one in cancelled(train)
        ),
        "all in float32 at least: half precision has three digits": OneOf(
            rounded(train, test, dtype) for dtype in (torch.float16, torch.bfloat16)
        ),
    }


def piece_mistakes(train: Tensor, test: Tensor) -> dict[str, OneOf]:
    """What comes of some of more than a thousand images, or of pieces of them."""
    if len(train) < 1000:
        return {}
    found: list[list] = [[], []]
    for n in (32, 64, 100, 128, 256, 500, 512, 1000):
        found[0].append(tuple(scaled(x, train[:n]) for x in (train, test)))
        both = [
            torch.stack([f(part, (0, 2, 3), keepdim=True) for part in train.split(n)]).mean(0)
            for f in (torch.mean, root, lambda *of, **more: root(*of, **more) ** 2)
        ]
        for std in (both[1], both[2].sqrt()):
            found[1].append(tuple(((x - both[0]) / std).float() for x in (train, test)))
    return {
        "all training images count, not the first of them alone": OneOf(found[0]),
        "the mean of what pieces give is not that of all: the last is smaller, and pieces differ": (
            OneOf(found[1])
        ),
    }


def cancelled(train: Tensor) -> list[Tensor]:
    """The deviation from the mean of the squares less the square of the mean, in float32."""
    x, rows = train.float(), train.float().transpose(0, 1).flatten(1)
    n, means = rows.shape[1], partial(torch.mean, dim=(0, 2, 3), keepdim=True)
    found = [means(x**2) - means(x) ** 2, (rows**2).mean(1) - rows.mean(1) ** 2]
    found += [(rows**2).sum(1) / n - (rows.sum(1) / n) ** 2]
    return [one.view(1, -1, 1, 1).sqrt() for one in found]


def wrapped(train: Tensor, mean: Tensor, size: Callable) -> Tensor:
    """The deviation from squares of whole pixels that begin anew at 256; size: of the variance."""
    squares = (255 * train).round() ** 2 % 256
    return size(squares.mean((0, 2, 3), keepdim=True) / 255**2 - mean**2).sqrt()


def rounded(train: Tensor, test: Tensor, dtype: torch.dtype) -> tuple[Tensor, ...]:
    """All computed in numbers of that dtype."""
    seen = train.to(dtype).double()
    mean, std = (f(seen, (0, 2, 3), keepdim=True).to(dtype) for f in (torch.mean, root))
    std = torch.where(std == 0, torch.ones_like(std), std)
    return tuple(((x.to(dtype) - mean) / std).float() for x in (train, test))


def root(x: Tensor, dim: tuple, keepdim: bool) -> Tensor:
    return x.std(dim, keepdim=keepdim, correction=0)


def mean_mistakes(train: Tensor, test: Tensor) -> dict:
    """What is not the mean of a channel is subtracted; the deviation is right."""
    std = root(train, (0, 2, 3), keepdim=True)
    std = torch.where(std == 0, 1.0, std)

    def less(*dims: int) -> tuple[Tensor, ...]:
        mean = train.mean(dims, keepdim=True)
        return tuple(((x - mean) / std).float() for x in (train, test))

    rows = train.reshape(train.shape[1], -1)  # not of channels
    mean, spread = (f(rows, (1,), keepdim=True).view(1, -1, 1, 1) for f in (torch.mean, root))
    return {
        "the channels are dim 1: reshape(C, -1) alone mixes images and channels, transpose(0, 1) "
        "comes before it": tuple(
            ((x - mean) / spread.where(spread != 0, 1.0)).float() for x in (train, test)
        ),
        "one mean of a whole channel: here each row, column or pixel has its own": OneOf(
            [less(0, 2), less(0, 3), less(0)]
        ),
        "one mean for all channels: keep dim 1 apart, as in the deviation": less(0, 1, 2, 3),
    }


def standardise_mistakes(train: Tensor, test: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
    every, n = torch.cat([train, test]), train.numel() // train.shape[1]
    fewer = ((n - 1) / n) ** 0.5
    of_batch_norm = (train.var((0, 2, 3), keepdim=True) + 1e-5).sqrt()
    shift, spread = {"with_mean": False}, {"with_std": False}
    alone = [torch.cat([scaled(one[None], one[None]) for one in x]) for x in (train[:99], test)]

    def both(*arguments, **named):
        return tuple(scaled(x, *arguments, **named) for x in (train, test))

    found = test_set_mistakes(train, test) | deviation_mistakes(train, test)
    return found | mean_mistakes(train, test) | {
        "the mean and deviation of both sets together: the test set has leaked": both(every),
        "the variance divides by the number of values, not by one less; nn.BatchNorm2d also adds 1e-5": (
            OneOf([tuple(fewer * x for x in both(train)), divided(train, test, of_batch_norm)])
        ),
        "divide by the deviation, the root of the variance": both(train, power=2),
        "one mean for all channels: keep dim 1 apart": both(train, "all"),
        "each pixel its own mean: average over (0, 2, 3)": both(train, "pixel"),
        "each image its own mean: average over dim 0 too": tuple(alone),
        "the mean is not subtracted": both(train, **shift),
        "where the deviation is 0 divide by 1, not by 1/255: without a lower bound, pixels that "
        "are divided by 255 first": tuple(
            torch.where(_dark(train), 255 * x, x) for x in both(train)
        ),
        "only the channel whose deviation is 0 is divided by 1, not all": both(train, **spread)
        if _dark(train).any() else None,
        "the sets are exchanged: (training images, test images)": both(train)[::-1],
    }  # fmt: skip


def _dark(train: Tensor) -> Tensor:
    return (train == 0).all(0, keepdim=True).all((2, 3), keepdim=True)


def standardise_case(
    N: int, M: int, brightness: list, dark: int | None, few: int | None = None
) -> Case:
    train_x, test_x = images(N, M, brightness, dark, few)
    train, test = train_x.double() / 255, test_x.double() / 255
    want = scaled(train, train), scaled(test, train)

    def mistakes() -> dict[str, tuple[Tensor, Tensor]]:
        found = standardise_mistakes(train, test)
        for power in range(4, 33):
            eps = 10 ** (-power / 2)
            text = f"a channel with deviation 0 is divided by 1, not by an epsilon ({eps:.2g})"
            found[text] = want[0], torch.where(_dark(train), want[1] / eps, want[1])
        return found

    channels = f"{len(brightness)} channel{'s' * (len(brightness) != 1)}"
    tried = f"standardise({N} training images, {M} test images, {channels}"
    tried += ")" if dark is None else f", channel {dark} dark in training)"
    return Case(tried, (train_x, test_x), want, mistakes)


def compare_sets(came, want, tried, tolerance):
    for part, value, name in zip(pair(came, "(training images, test images)", tried), want,
                                 ("training", "test"), strict=True):  # fmt: skip
        if isinstance(part, Tensor) and not torch.isfinite(part).all():
            likely = (
                "a channel whose training pixels are all 0 has the deviation 0: divide by 1 there"
            )
            if not (want[0] == 0).all(0).flatten(1).all(1).any():  # no channel is dark
                some = part.shape == value.shape and bool(part.isfinite().flatten(1).all(1).any())
                likely = "a black image has a deviation of its own: average over dim 0 too" * some
            fail(tried, "finite numbers", "nan or infinity", likely)
        tensor(part, value, f"{tried}, {name} images", tolerance=tolerance)


@item("Item 1, standardise")
def check_standardise(standardise, N: int, M: int, brightness, dark=None, few=None) -> None:
    """brightness: (lowest, highest) pixel of each channel; dark: a channel of zeros in training;
    few: one of zeros but for four ones."""
    sizes = (3, 2, [(0, 99), (90, 255)], None), (4, 3, [(10, 70), (0, 255)], None)
    case = standardise_case(N, M, brightness, dark, few)
    probes = [standardise_case(*size) for size in sizes]
    judge(standardise, case, probes, compare=compare_sets, tolerance=1e-4)
