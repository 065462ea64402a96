"""The perceptron and networks side by side, against one network at a time; lecture 01's own code."""

import copy
import math
from pathlib import Path

import nbformat
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers.models.mlp import ACTIVATIONS, MLP, SideBySide, losses_each

# ---------------------------------------------------------------- MLP


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(5, 3), (12, 7, 4), (12, 6, 5, 2)])
def test_mlp_equals_a_functional_reference(activation, sizes):
    torch.manual_seed(0)
    net = MLP(sizes, activation).double()
    x = torch.randn(9, sizes[0], dtype=torch.float64)
    f = {"relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "linear": lambda z: z}
    a, parameters = x, list(net.parameters())
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        z = torch.einsum("oi,bi->bo", W, a) + b
        a = f[activation](z)
    assert torch.allclose(net(x), z, rtol=0, atol=1e-12)


def test_mlp_takes_images_and_says_how_it_starts():
    torch.manual_seed(0)
    net = MLP((64, 300, 300, 10))
    assert net(torch.randn(4, 1, 8, 8)).shape == (4, 10)
    first, second, last = (p for p in net.parameters() if p.ndim == 2)
    assert first.std().item() == pytest.approx((2 / 64) ** 0.5, rel=0.03)
    assert second.std().item() == pytest.approx((2 / 300) ** 0.5, rel=0.03)
    assert last.std().item() == pytest.approx(0.1 / 300**0.5, rel=0.06)
    assert all((p == 0).all() for p in net.parameters() if p.ndim == 1)
    doubled = MLP((64, 300, 10), gain=4.0)
    assert next(doubled.parameters()).std().item() == pytest.approx(4 / 8, rel=0.03)


@pytest.mark.parametrize("classes", [2, 10, 100])
def test_mlp_starts_near_ln_c(classes):
    torch.manual_seed(0)
    loss = F.cross_entropy(
        MLP((64, 128, classes))(torch.randn(500, 64)), torch.randint(classes, (500,))
    )
    assert loss.item() == pytest.approx(math.log(classes), abs=0.05)


def test_mlp_drops_units_in_training_only():
    torch.manual_seed(0)
    net, x = MLP((8, 200, 3), dropout=0.5), torch.randn(2, 8)
    assert not torch.equal(net(x), net(x))
    net.eval()
    assert torch.equal(net(x), net(x))


def test_mlp_refuses_what_it_cannot_build():
    for sizes in ((), (5,), (5, 0, 3)):
        with pytest.raises(ValueError, match="sizes"):
            MLP(sizes)
    with pytest.raises(ValueError, match="unknown activation 'swish'; there are: relu"):
        MLP((5, 3), "swish")


# ---------------------------------------------------------------- side by side


def perceptrons(count=4):
    torch.manual_seed(0)
    return [MLP((6, 5, 3)).double() for _ in range(count)]


def convolutional():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3)
    ).double()


@pytest.mark.parametrize("build", [lambda: MLP((64, 7, 3), "tanh").double(), convolutional])
def test_side_by_side_gives_outputs_and_gradients_of_each_alone(build):
    torch.manual_seed(0)
    models = [build() for _ in range(3)]
    x, y = torch.randn(3, 5, 1, 8, 8, dtype=torch.float64), torch.randint(3, (3, 5))
    net = SideBySide(models)
    logits = net(x)
    losses_each(logits, y).sum().backward()
    together = dict(net.networks.named_parameters())
    for s, model in enumerate(models):
        alone = model(x[s])
        assert torch.allclose(logits[s], alone, rtol=0, atol=1e-12)
        F.cross_entropy(alone, y[s]).backward()
        for name, p in model.named_parameters():
            gradient = together[name].grad[s]
            assert torch.allclose(gradient, p.grad, rtol=0, atol=1e-12)


def test_side_by_side_leaves_the_given_and_hands_out_copies():
    models = perceptrons(2)
    before = [copy.deepcopy(m.state_dict()) for m in models]
    net = SideBySide(models)
    one = net.network(1)
    with torch.no_grad():
        for p in net.parameters():
            p.add_(1)
    for p, q, r in zip(models[1].parameters(), before[1].values(), one.parameters(), strict=True):
        assert torch.equal(p, q) and torch.equal(r, q)
    again = copy.deepcopy(net)
    x = torch.randn(2, 3, 6, dtype=torch.float64)
    assert torch.equal(again(x), net(x))
    assert len(list(net.parameters())) == 4  # the pattern network's own are not among them


def test_side_by_side_drops_other_units_in_each_and_follows_its_mode():
    torch.manual_seed(0)
    model = MLP((6, 300, 3), dropout=0.5)
    net, x = SideBySide([model, model]), torch.randn(5, 6).expand(2, 5, 6)
    logits = net(x)
    assert not torch.allclose(logits[0], logits[1])
    net.eval()
    logits = net(x)
    assert torch.allclose(logits[0], logits[1])
    assert not net.network(0).training


def test_side_by_side_refuses():
    with pytest.raises(ValueError, match="at least one"):
        SideBySide([])
    with pytest.raises(ValueError, match="equal shapes"):
        SideBySide([MLP((6, 5, 3)), MLP((6, 4, 3))])
    with pytest.raises(ValueError, match="batch normalisation"):
        SideBySide([nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3))])
    with pytest.raises(ValueError, match="there are 4 networks"):
        SideBySide(perceptrons())(torch.randn(5, 2, 6, dtype=torch.float64))


def test_losses_each_takes_own_and_shared_labels():
    torch.manual_seed(0)
    logits = torch.randn(3, 7, 4, dtype=torch.float64)
    own, shared = torch.randint(4, (3, 7)), torch.randint(4, (7,))
    for s in range(3):
        for y in (own, shared):
            expected = F.cross_entropy(logits[s], y[s] if y.ndim == 2 else y)
            assert torch.allclose(losses_each(logits, y)[s], expected)


# ---------------------------------------------------------------- what lecture 01 writes out


@pytest.fixture(scope="module")
def lecture():
    """The names that lecture 01's cells of definitions make."""
    path = Path(__file__).parent.parent / "course" / "01_training.ipynb"
    sources = {c.id: c.source for c in nbformat.read(path, as_version=4).cells}
    names = {"torch": torch, "F": F, "math": math}
    for cell in ("forward", "backward", "optimisers", "augment"):
        exec(sources[cell], names)
    exec(sources["calibration-error"].split("# worked by hand")[0], names)
    exec(sources["broken-backward"].split("wrong, _ =")[0], names)
    return names


def network(sizes, seed):
    g = torch.Generator().manual_seed(seed)
    shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
    weights = [torch.randn(s, generator=g, dtype=torch.float64) for s in shapes]
    return weights, [torch.randn(s[0], generator=g, dtype=torch.float64) for s in shapes]


@pytest.mark.parametrize("batch", [1, 6])
@pytest.mark.parametrize("sizes", [(4, 3), (5, 7, 2), (3, 8, 6, 5, 4)])
def test_manual_backpropagation_equals_autograd(lecture, sizes, batch):
    weights, biases = network(sizes, seed=batch)
    x, y = torch.randn(batch, sizes[0], dtype=torch.float64), torch.randint(sizes[-1], (batch,))
    leaves = [p.clone().requires_grad_() for p in [*weights, *biases]]
    a = x
    for layer in range(len(weights)):
        a = F.linear(a if layer == 0 else F.relu(a), leaves[layer], leaves[len(weights) + layer])
    expected = torch.autograd.grad(F.cross_entropy(a, y), leaves)
    logits, inputs, zs = lecture["forward"](x, weights, biases)
    assert torch.allclose(logits, a, rtol=0, atol=1e-12)
    ours = lecture["backward"](logits, y, inputs, zs, weights)
    for mine, theirs in zip([*ours[0], *ours[1]], expected, strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-10, atol=1e-12)
    if len(sizes) > 2 and batch > 1:  # the check can fail
        wrong, _ = lecture["forgetful_backward"](logits, y, inputs, zs, weights)
        assert not torch.allclose(wrong[0], expected[0], rtol=1e-3)


def test_manual_cross_entropy_does_not_overflow(lecture):
    logits = torch.tensor([[1e4, -1e4, 0.0]], dtype=torch.float64)
    for label in range(3):
        y = torch.tensor([label])
        assert lecture["cross_entropy"](logits, y) == F.cross_entropy(logits, y)


def test_manual_momentum_takes_a_rate_per_network(lecture):
    p, v = torch.zeros(3, 2, 2), torch.zeros(3, 2, 2)
    lecture["momentum_step"]([p], [torch.ones(3, 2, 2)], [v], torch.tensor([0.1, 0.2, 0.3]))
    assert torch.allclose(p[:, 0, 0], torch.tensor([-0.1, -0.2, -0.3]))


def test_jitter_without_movement_changes_nothing(lecture):
    torch.manual_seed(0)
    x = torch.randn(3, 2, 1, 8, 8, dtype=torch.float32)
    still = lecture["jitter"](x, torch.Generator(), turn=0, scale=0, shift=0)
    assert torch.allclose(still, x, atol=1e-5)
    moved = lecture["jitter"](x[0], torch.Generator().manual_seed(0))
    assert moved.shape == (2, 1, 8, 8) and not torch.allclose(moved, x[0], atol=0.1)


def test_calibration_error_equals_a_loop_over_bins(lecture):
    torch.manual_seed(0)
    confidence, correct = torch.rand(1000), torch.rand(1000) < 0.6
    confidence[0] = 1.0  # belongs to the last bin
    total = 0.0
    for b in range(10):
        here = (confidence >= b / 10) & ((confidence < (b + 1) / 10) | (b == 9))
        gap = confidence[here].mean() - correct[here].float().mean()
        total += here.float().mean().item() * abs(gap.item())
    assert lecture["calibration_error"](confidence, correct) == pytest.approx(total, abs=1e-5)


def test_a_slice_of_its_layers_shares_their_parameters():
    net, x = MLP((8, 5, 3)), torch.randn(2, 8)
    assert torch.equal(net[1](x), net[:2](x)) and net[:2][1].weight is net[1].weight
    assert torch.equal(net[2:](net[:2](x)), net(x))
