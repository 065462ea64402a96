"""The recipe for small images that holds the speed records, one ingredient at a time.

Sources: D. Page, How to Train Your ResNet, myrtle.ai, 2018 and 2019; K. Jordan, arXiv:2404.00498,
2024, section 3; L. N. Smith and N. Topin, Super-Convergence, arXiv:1708.07120, 2017.
"""

from collections.abc import Collection

import torch
from torch import Tensor, nn

from helpers import augment, training
from helpers.data import Dataset
from helpers.device import preserved_rng

INGREDIENTS = ("whitening", "augmentation", "one_cycle", "label_smoothing", "test_flips")


def whitening_filters(x: Tensor, kernel: int = 2, epsilon: float = 5e-4) -> Tensor:
    """Filters `(2 C K K, C, K, K)` whose responses to patches of x are uncorrelated, variance 1.

    Filter i is eigenvector i of the patches' covariance over the square root of its eigenvalue; the
    second half are the negatives of the first, so that an activation that cuts off negative values
    loses nothing. Jordan 2024, section 3.2.
    """
    patches = nn.functional.unfold(x, kernel).transpose(1, 2).flatten(0, 1)  # (N L, C K K)
    patches = patches.double() - patches.double().mean(0)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (vectors / (values + epsilon).sqrt()).T  # (C K K, C K K), one filter a row
    filters = filters.reshape(-1, x.shape[1], kernel, kernel).to(x.dtype)
    return torch.cat([filters, -filters])


class SmallImageNet(nn.Module):
    """A first layer of 2x2 patches, then up to three blocks that halve the image.

    images `(B, C, H, W)` -> logits `(B, classes)`. width: channels of the first block; the
    others have four times as many, as 64 and 256 in the record.
    """

    def __init__(self, channels: int, side: int, classes: int, width: int = 16):
        super().__init__()
        before = 2 * channels * 2 * 2
        self.first = nn.Conv2d(channels, before, 2)  # (B, 8C, H - 1, W - 1)
        blocks, side = [], side - 1
        for after in (width, 4 * width, 4 * width):
            if side < 2:
                break  # nothing left to halve
            blocks.append(_block(before, after))
            before, side = after, side // 2
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(before, classes, bias=False)

    @torch.no_grad()
    def whiten(self, x: Tensor) -> None:
        """Set the first filters, for good, from normalised images `(N, C, H, W)`; biases learn."""
        self.first.weight.copy_(whitening_filters(x)).requires_grad_(False)
        self.first.bias.zero_()

    def forward(self, x: Tensor) -> Tensor:
        x = nn.functional.gelu(self.first(x))
        x = self.blocks(x).amax((2, 3))  # (B, 4 width): the strongest response anywhere
        return self.head(x)


def _block(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, padding=1, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(after),
        nn.GELU(),
        nn.Conv2d(after, after, 3, padding=1, bias=False),
        nn.BatchNorm2d(after),
        nn.GELU(),
    )


def train(
    data: Dataset,
    *,
    epochs: int = 8,
    width: int = 16,
    without: Collection[str] = (),
    mirror: bool = True,
    seed: int = 0,
    batch_size: int = 128,
    lr: float = 0.01,
    **settings,
) -> tuple[SmallImageNet, training.History, float]:
    """A SmallImageNet trained by the recipe: the model, its history, its accuracy on the test set.

    without: names of INGREDIENTS to leave out, to see what they buy. mirror: whether a mirrored
    image keeps its class, as digits and letters do not. settings: as in `training.fit`.
    """
    unknown = set(without) - set(INGREDIENTS)
    if unknown:
        raise ValueError(f"no such ingredient: {sorted(unknown)}; there are {INGREDIENTS}")
    channels, side, _ = data.image_shape
    with preserved_rng(seed):
        model = SmallImageNet(channels, side, len(data.classes), width)
        if "whitening" not in without:
            model.whiten(data.normalise(data.train_x[:2000]))
        shift = augment.shift(max(1, side // 16))
        changes = augment.chain(shift, augment.flip) if mirror else shift
        recipe = {
            "augment": None if "augmentation" in without else changes,
            "schedule": "constant" if "one_cycle" in without else "one_cycle",
            "label_smoothing": 0.0 if "label_smoothing" in without else 0.2,
        }
        fixed = dict(epochs=epochs, batch_size=batch_size, lr=lr, seed=seed)
        history = training.fit(model, data, **(fixed | recipe | settings))
    flips = mirror and "test_flips" not in without
    logits = predict_mirrored(model, data) if flips else training.predict(model, data)
    accuracy = (logits.argmax(1) == data.test_y.cpu()).float().mean().item()
    return model, history, accuracy


def predict_mirrored(model: nn.Module, data: Dataset) -> Tensor:
    """Logits `(N, classes)` of the test images, the mean over each and its mirror image."""
    plain = training.predict(model, data)
    return (plain + training.predict(model, data, data.test_x.flip(3))) / 2
