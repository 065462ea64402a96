"""Item 13: an accuracy that can be trusted, of a net with batch normalisation and dropout."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from checks.calls import call, item
from checks.compare import Wrong, fail, number
from checks.values import OneOf, alike


class Doubtful(nn.Sequential):
    """A net with batch normalisation and dropout, in which only evaluation mode can be trusted."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(1, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.Flatten(), nn.Dropout(0.5),
            nn.Linear(6 * 6 * 6, 4),
        )  # fmt: skip
        self[0].bias.requires_grad_(False)  # which is to stay so
        self.modes: list[bool] = []

    def forward(self, x: Tensor) -> Tensor:
        self.modes.append(any(module.training for module in self.modules()))
        return super().forward(x)


def share_mistakes(wrong: Tensor, batch_size: int) -> dict[str, float | None]:
    """What usual mistakes make of the share of right ones; wrong: which images are not (N,)."""
    pieces = [(~part).double().mean().item() for part in wrong.split(batch_size)]
    N, right = len(wrong), int((~wrong).sum())
    full, want = N // batch_size, right / N
    equal = sum(pieces) * batch_size / N
    return {
        "the last batch is smaller: count the right ones, divide by all": OneOf(
            [sum(pieces) / len(pieces), equal, min(equal, 1.0)]
        ),
        "a fraction from 0 to 1, not per cent": 100 * want,
        "this is a count: divide by the number of images": right,
        "the last, smaller batch is left out": sum(pieces[:full]) / max(1, full),
        "the share of wrong ones": 1 - want,
        "uint8 counts to 255 and begins anew": right % 256 / N if right > 255 else None,
        "this is the first batch only": pieces[0],
        "this is the last batch only": pieces[-1],
    }


@item("Item 13, accuracy")
def check_accuracy(accuracy, N, batch_size, training, seed, share=0.6) -> None:
    """A net whose predictions are known, with labels of which a known share is right."""
    torch.manual_seed(seed)
    net = Doubtful()
    for _ in range(3):
        net(3 * torch.randn(32, 1, 8, 8) - 1)  # running statistics unlike those of x
    x = torch.randn(N, 1, 8, 8)
    with torch.no_grad():
        y = net.eval()(x).argmax(1)
    right = int(share * N)  # the labels after these are wrong
    wrong = torch.arange(N) >= right
    y = torch.where(wrong, (y + 1) % 4, y)
    want = right / N
    net.train(training)
    state = {name: value.clone() for name, value in net.state_dict().items()}
    mode = "training" if training else "evaluation"
    tried = f"accuracy(net in {mode} mode, {N} images, {batch_size=})"
    net.modes = []
    with torch.set_grad_enabled(training):  # as it was found, on or off
        came = call(accuracy, net, x, y, batch_size, tried=tried, graph=False)
    if any(net.modes):
        likely = "dropout draws, and batch normalisation uses the batch: net.eval() first"
        if not net.modes[0]:
            likely = "in evaluation mode for every batch: after the first it was put back"
        fail(tried, "a net wholly in evaluation mode", "a part in training mode", likely)
    if any(not torch.equal(net.state_dict()[name], value) for name, value in state.items()):
        likely = "to measure is to change nothing: no step, no reset of the running statistics"
        fail(tried, "parameters and running statistics unchanged", "they changed", likely)
    mistakes = partial(share_mistakes, wrong, batch_size)
    try:
        number(came, want, tried, mistakes, tolerance=1e-6, plain=float)
    except Wrong as wrong:
        if not wrong.likely and not alike(call(accuracy, net, x, y, batch_size, tried=tried), came):
            wrong.likely = (
                "a second call gives another result: is something kept from call to call?"
            )
        raise
