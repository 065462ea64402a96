"""LeNet against the paper's counts and a functional reference."""

import pytest
import torch
import torch.nn.functional as F

from helpers import diagnostics
from helpers.models.cnn import C3_SEES, LeNet, LeNet5, Subsampling, squash
from helpers.training import parameter_count

# ---------------------------------------------------------------- LeNet


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 12, 12), (2, 29, 31)])
@pytest.mark.parametrize("norm", [False, True])
def test_lenet_equals_a_functional_reference(shape, norm):
    torch.manual_seed(0)
    net = LeNet(shape, classes=7, norm=norm).double().eval()
    if norm:  # statistics that are not 0 and 1
        for layer in (net.features.norm1, net.features.norm3):
            layer.running_mean.normal_()
            layer.running_var.uniform_(0.5, 2)
    p = net.state_dict()

    def conv(x, name, number, padding):
        x = F.conv2d(x, p[f"features.{name}.weight"], p[f"features.{name}.bias"], padding=padding)
        if norm:
            mean, var, gamma, beta = (
                p[f"features.norm{number}.{part}"][:, None, None]
                for part in ("running_mean", "running_var", "weight", "bias")
            )
            x = (x - mean) / (var + 1e-5).sqrt() * gamma + beta
        return F.max_pool2d(x.clamp_min(0), 2)

    def linear(x, name):
        return x @ p[f"classifier.{name}.weight"].T + p[f"classifier.{name}.bias"]

    x = torch.randn(3, *shape, dtype=torch.float64)
    y = conv(conv(x, "c1", 1, 2), "c3", 3, 0).flatten(1)
    y = linear(linear(linear(y, "c5").clamp_min(0), "f6").clamp_min(0), "out")
    torch.testing.assert_close(net(x), y, rtol=0, atol=1e-12)
    assert net(x[:0]).shape == (0, 7)


def test_lenet_counts():
    assert parameter_count(LeNet()) == 61_706
    assert parameter_count(LeNet(norm=True)) == 61_706 + 2 * (6 + 16)
    assert parameter_count(LeNet((3, 32, 32))) == 83_126
    by_hand = 6 * 76 + 16 * 151 + 120 * (16 * 6 * 6 + 1) + 84 * 121 + 100 * 85
    assert parameter_count(LeNet((3, 32, 32), classes=100)) == by_hand


def test_lenet_trains_every_parameter():
    torch.manual_seed(0)
    net = LeNet(norm=True)
    net(torch.randn(8, 1, 28, 28)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        ([[0.0]], TypeError, "takes a torch tensor of images, not list"),
        (torch.zeros(2, 1, 28, 28, dtype=torch.uint8), TypeError, r"data\.normalise"),
        (torch.zeros(1, 28, 28), ValueError, r"x\[None\]"),
        (torch.zeros(2, 28, 28, 1), ValueError, "channel dimension last"),
        (torch.zeros(2, 3, 28, 28), ValueError, "image_shape of the data set"),
        (torch.zeros(2, 1, 32, 32), ValueError, r"\(1, 28, 28\), not \(1, 32, 32\)"),
        (torch.zeros(2, 1, 28, 28, dtype=torch.float64), TypeError, r"net\.to\(torch\.float64\)"),
    ],
)
def test_lenet_says_what_is_wrong_with_its_input(x, error, message):
    with pytest.raises(error, match=message):
        LeNet()(x)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((28, 28), 10), "image_shape"),
        (((1, 8, 8), 10), "at least 12"),
        (((0, 28, 28), 10), "image_shape"),
        (((1, 28, 28), 1), "at least 2 classes"),
    ],
)
def test_lenet_refuses_what_cannot_be_built(arguments, message):
    with pytest.raises(ValueError, match=message):
        LeNet(*arguments)


def test_lenet_runs_under_autocast():
    with torch.autocast("cpu", torch.bfloat16):
        assert LeNet()(torch.randn(2, 1, 28, 28)).dtype == torch.bfloat16


# ---------------------------------------------------------------- LeNet-5 as published


def test_lenet5_has_the_published_parameters():
    published = {"c1": 156, "s2": 12, "c3": 1_516, "s4": 32, "c5": 48_120, "f6": 10_164}
    net = LeNet5()
    assert {name: parameter_count(getattr(net, name)) for name in published} == published
    assert sum(published.values()) == 60_000


def test_lenet5_has_the_published_connections():
    """122,304 + 5,880 + 151,600 + 2,000 + 48,120 + 10,164 + 840 = 340,908 (section II-B)."""
    net, connections = LeNet5(), {}
    for cost in diagnostics.layer_costs(net, (1, 32, 32)):
        size = torch.Size(cost.shape).numel()
        biases = 0 if cost.name == "out" else size
        each = 5 * size if cost.kind == "Subsampling" else cost.multiply_adds + biases
        stage = cost.name.split(".")[0]
        connections[stage] = connections.get(stage, 0) + each
    assert connections["c1"] == 122_304 and connections["c3"] == 151_600
    assert sum(connections.values()) == 340_908


def test_lenet5_table_of_connections():
    """Table I: each map of s2 is seen by ten maps of c3; map 0 by those listed in its first row."""
    assert len(C3_SEES) == 16
    for seen in range(6):
        assert sum(seen in sees for sees in C3_SEES) == 10
    first_row = [i for i, sees in enumerate(C3_SEES) if 0 in sees]
    assert first_row == [0, 4, 5, 6, 9, 10, 11, 12, 14, 15]


def test_lenet5_forward():
    torch.manual_seed(0)
    net = LeNet5()
    x = torch.randn(2, 1, 32, 32)
    assert net(x).shape == (2, 10)
    net(x).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())
    with pytest.raises(ValueError, match="built for images"):
        net(torch.zeros(2, 1, 28, 28))


def test_subsampling_and_squash():
    torch.manual_seed(0)
    layer = Subsampling(3).double()
    layer.coefficient.data.normal_()
    layer.bias.data.normal_()
    x = torch.randn(2, 3, 4, 6, dtype=torch.float64)
    total = x[..., ::2, ::2] + x[..., 1::2, ::2] + x[..., ::2, 1::2] + x[..., 1::2, 1::2]
    torch.testing.assert_close(layer(x), total * layer.coefficient + layer.bias)
    # the paper chose A so that f(1) = 1 and f(-1) = -1
    points = torch.tensor([-1.0, 0.0, 1.0])
    torch.testing.assert_close(squash(points), points, rtol=0, atol=1e-4)
