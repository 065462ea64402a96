"""checks/training, cnn, resnet: what the graders once judged wrongly, or told wrongly."""

import pytest
import torch
import torch.nn.functional as F
from told import message
from torch import nn

from checks import cnn, resnet, training
from checks.cnn.measured import reached, rectangle
from helpers.models.resnet import BasicBlock, PreActBlock


def accuracy(net, x, y, batch_size, after=lambda net: None, mode=torch.no_grad):
    was = net.training
    net.eval()
    with mode():
        right = sum(
            (net(a).argmax(1) == b).sum().item()
            for a, b in zip(x.split(batch_size), y.split(batch_size), strict=True)
        )
    net.train(was)
    after(net)
    return right / len(x)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"mode": torch.enable_grad}, "no graph for a backward pass"),
        ({"after": lambda net: torch.set_grad_enabled(False)}, "gradients on or off"),
        ({"after": lambda net: net.requires_grad_(False)}, "requires_grad of argument 1"),
    ],
)
def test_accuracy_leaves_no_graph_and_nothing_changed(how, says):
    sizes = {"N": 20, "batch_size": 8, "training": True, "seed": 0}
    cnn.check_accuracy(accuracy, **sizes)
    text = message(cnn.check_accuracy, lambda *a: accuracy(*a, **how), **sizes)
    assert says in text and "Item 13" in text
    assert torch.is_grad_enabled()
    cnn.check_accuracy(accuracy, **sizes)


def test_normalisation_by_another_name_is_not_by_hand():
    def by_rms(x, gamma, beta, eps):
        rows = x.movedim(1, 0).flatten(1)
        rows = F.rms_norm(rows - rows.mean(1, keepdim=True), rows.shape[1:], eps=eps)
        rows = rows * gamma[:, None] + beta[:, None]
        return rows.unflatten(1, (x.shape[0], *x.shape[2:])).movedim(0, 1)

    assert "without the library's rms_norm" in message(
        cnn.check_batch_norm, by_rms, B=2, C=3, H=2, W=2, eps=0.1
    )


@pytest.mark.parametrize(("channel", "output"), [(0, None), (None, 0), (0, 0)])
def test_a_field_of_some_channels_only_is_too_small(channel, output):
    def measured(net, size):
        return list(rectangle(reached(net, size, channel, output)))

    layers = [(3, 4, (3, 5), 1, 1, 1), (4, 3, (5, 3), 1, 2, 1)]
    named = {"size": (3, 19, 22), "layers": layers, "want": (7, 7), "how": "one channel"}
    text = message(cnn.check_measured, measured, **named)
    assert ("not the first only" in text) == ((channel, output) != (0, 0))
    cnn.check_measured(lambda net, size: measured_whole(net, size), **named)


def measured_whole(net, size):
    x = torch.randn(1, *size, requires_grad=True)
    y = net(x)
    (g,) = torch.autograd.grad(y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum(), x)
    at = g[0].abs().sum(0).nonzero()
    return tuple(int(n) for n in at.amax(0) - at.amin(0) + 1)


def test_padding_counted_with_the_dilation_is_not_called_a_missing_dilation():
    def out_size(n, K, S, P, D):
        return (n + 2 * P * D - D * (K - 1) - 1) // S + 1

    text = message(cnn.check_out_size, out_size, n=28, K=3, S=3, P=1, D=2)
    assert "Likely:   the padding is P pixels at each end, whatever the dilation" in text


@pytest.mark.parametrize("remove", ["register", "none"])
def test_silence_does_not_remove_parameters(remove):
    def silence(net):
        for block in net.modules():
            if isinstance(block, BasicBlock):
                nn.init.zeros_(block.bn2.weight)
                if remove == "register":
                    block.bn2.register_parameter("bias", None)
                else:
                    block.bn2.bias = None
            elif isinstance(block, PreActBlock):
                nn.init.zeros_(block.conv2.weight)

    text = message(
        resnet.check_silence, silence, depth=8, shortcut="A", pre_activation=False, training=True
    )
    assert "bn2.bias" in text and "the same parameter" in text


def test_training_that_is_not_seeded_is_told():
    from checks.cnn.pages import pages

    right = pages(7, 3, True)[1][1297:]

    def answer(x, y, other, seeded=True):
        if seeded:
            torch.manual_seed(0)
        return torch.where(torch.rand(500) < 0.03, 0, right)

    sizes = {"seed": 7, "rename": 3, "mirror": True, "again": True}
    cnn.check_training(answer, **sizes)
    told = message(cnn.check_training, lambda *a: answer(*a, seeded=False), **sizes)
    assert "Likely:   seed what you draw" in told


def test_a_first_step_finds_no_gradients():
    def step(net, optimiser, x, y, size, clear=nn.Module.zero_grad):
        clear(net)
        losses = []
        for xb, yb in zip(x.split(size), y.split(size), strict=True):
            losses.append(F.cross_entropy(net(xb), yb, reduction="sum") / len(y))
            losses[-1].backward()
        optimiser.step()
        return sum(losses).item()

    def clear(net):
        for p in net.parameters():
            p.grad.zero_()

    for size in (3, 20):
        training.check_step(step, B=6, size=size, C=2)
    training.check_step(lambda *a: step(*a, clear=clear), B=6, size=3, C=2)
    told = message(training.check_step, lambda *a: step(*a, clear=clear), B=6, size=20, C=2)
    assert "Likely:   .grad is None before backward()" in told
