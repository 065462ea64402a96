"""The instruments of lecture 02: costs, receptive fields, maps, occlusion, figures."""

import warnings

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from helpers import diagnostics, plots
from helpers.models.cnn import LeNet

# ---------------------------------------------------------------- what layers cost


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(4, 6, 3, stride=2, padding=1),
        nn.Conv2d(4, 8, (1, 5), dilation=2, groups=2),
        nn.Sequential(nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4 * 81, 7)),
        LeNet((4, 12, 12)),
    ],
)
def test_layer_costs_equal_pytorchs_counter(layer):
    shape = (4, 12, 12) if isinstance(layer, LeNet) else (4, 11, 11)
    costs = diagnostics.layer_costs(layer, shape)
    layer.eval()
    with FlopCounterMode(display=False) as counter:
        layer(torch.zeros(1, *shape))
    assert 2 * sum(c.multiply_adds for c in costs) == counter.get_total_flops()
    assert sum(c.parameters for c in costs) == sum(p.numel() for p in layer.parameters())


def test_layer_costs_leave_the_model_as_it_was():
    net = LeNet(norm=True).train()
    net.features.norm1.eval()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    costs = diagnostics.layer_costs(net, (1, 28, 28))
    assert costs[0] == ("features.c1", "Conv2d", (6, 28, 28), 156, 117_600)
    assert net.training and not net.features.norm1.training
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert not any(module._forward_hooks for module in net.modules())


# ---------------------------------------------------------------- receptive field


def test_receptive_field_is_the_composed_kernel():
    """Of two linear convolutions, it is the full convolution of their kernels."""
    torch.manual_seed(0)
    stack = nn.Sequential(nn.Conv2d(1, 1, 3, bias=False), nn.Conv2d(1, 1, 5, bias=False))
    field = diagnostics.receptive_field(stack, (1, 15, 15))
    first, second = (conv.weight.detach().double() for conv in stack)
    composed = F.conv_transpose2d(second, first)[0, 0]  # (7, 7)
    expected = torch.zeros(15, 15, dtype=torch.float64)
    expected[4:11, 4:11] = composed.abs()
    torch.testing.assert_close(field, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("layers", "side"),
    [
        ([nn.Conv2d(1, 4, 7)], 7),
        ([nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3, dilation=4)], 3 + 8),
        ([nn.Conv2d(1, 4, 3, stride=2), nn.ReLU(), nn.Conv2d(4, 4, 3)], 3 + 4),
        ([nn.Conv2d(1, 4, 5), nn.MaxPool2d(2), nn.Conv2d(4, 4, 5), nn.MaxPool2d(2)], 16),
        ([nn.Identity()], 1),
    ],
)
def test_receptive_field_extent(layers, side):
    torch.manual_seed(0)
    field = diagnostics.receptive_field(nn.Sequential(*layers), (1, 35, 33))
    assert field.shape == (35, 33)
    assert diagnostics.extent(field) == (side, side)


def test_receptive_field_leaves_the_model_as_it_was():
    net = LeNet(norm=True).train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    random_state = torch.get_rng_state()
    field = diagnostics.receptive_field(net.features, (1, 28, 28))
    assert diagnostics.extent(field) == (16, 16)  # in train mode it would be the whole image
    assert net.training and all(p.grad is None for p in net.parameters())
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert torch.equal(random_state, torch.get_rng_state())
    with pytest.raises(ValueError, match="net.features"):
        diagnostics.receptive_field(net, (1, 28, 28))


def test_extent_of_a_box_and_of_nothing():
    field = torch.zeros(9, 9)
    assert diagnostics.extent(field) == (0, 0)
    field[2, 3] = field[5, 4] = 1e-30
    assert diagnostics.extent(field) == (4, 2)


# ---------------------------------------------------------------- maps and dead channels


def test_feature_maps_are_the_intermediate_results():
    torch.manual_seed(0)
    net, x = LeNet(norm=True).train(), torch.randn(3, 1, 28, 28)
    maps = diagnostics.feature_maps(net, x)
    assert net.training
    net.eval()
    with torch.no_grad():
        y = x
        for name, layer in net.features.named_children():
            y = layer(y)
            torch.testing.assert_close(maps.pop(f"features.{name}"), y)
    assert not maps  # no linear layer among them
    assert list(diagnostics.feature_maps(net, x, ["classifier.f6"])) == ["classifier.f6"]
    with pytest.raises(ValueError, match="no layer relu1; there are: features.c1"):
        diagnostics.feature_maps(net, x, ["relu1"])


def test_a_map_is_what_its_layer_gave_though_the_next_one_works_in_place():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True))
    x = torch.randn(4, 1, 8, 8)
    maps = diagnostics.feature_maps(net, x)
    assert torch.equal(maps["0"], net[0](x)) and maps["0"].min() < 0


def test_dead_channels_finds_the_planted_and_spares_the_rarely_alive():
    torch.manual_seed(0)
    net = LeNet()
    net.features.c1.weight.data[1].zero_()
    net.features.c1.bias.data[1] = -1
    net.features.c1.weight.data[2].fill_(1)
    net.features.c1.bias.data[2] = -24.5  # needs 25 bright pixels
    x = torch.zeros(1_200, 1, 28, 28)
    x[1_150, 0, :5, :5] = 1  # in the third part of 500
    dead = diagnostics.dead_channels(net, x)
    assert dead["features.relu1"].shape == (6,) and dead["features.relu3"].shape == (16,)
    assert dead["features.relu1"][1] and not dead["features.relu1"][2]
    assert diagnostics.dead_channels(net, x[:1_000])["features.relu1"][2]
    with pytest.raises(ValueError, match="no images"):
        diagnostics.dead_channels(net, x[:0])


# ---------------------------------------------------------------- occlusion


def test_occlusion_map_equals_a_loop():
    torch.manual_seed(0)
    net = LeNet((1, 12, 13), classes=3).double().train()
    x = torch.randn(1, 12, 13, dtype=torch.float64)
    falls = diagnostics.occlusion_map(net, x, 2, patch=5, fill=-0.4)
    assert falls.shape == (12, 13) and net.training
    net.eval()
    with torch.no_grad():
        before = net(x[None]).softmax(1)[0, 2]
        for i in range(12):
            for j in range(13):
                covered = x.clone()
                covered[:, max(0, i - 2) : i + 3, max(0, j - 2) : j + 3] = -0.4
                after = net(covered[None]).softmax(1)[0, 2]
                assert abs(falls[i, j] - (before - after)) < 1e-6


def test_occlusion_map_points_at_the_pixel_that_matters():
    class OnePixel(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(1))

        def forward(self, x):
            value = self.weight * x[:, 0, 4, 6]
            return torch.stack([value, -value], 1)

    falls = diagnostics.occlusion_map(OnePixel(), torch.ones(1, 9, 9), 0, patch=3)
    assert (falls > 0.1).nonzero().tolist() == [[i, j] for i in (3, 4, 5) for j in (5, 6, 7)]
    assert (falls[:3] == 0).all() and (falls[6:] == 0).all()


@pytest.mark.parametrize(
    ("x", "patch", "message"),
    [
        (torch.zeros(1, 1, 28, 28), 7, "one image"),
        (torch.zeros(1, 28, 28), 4, "odd"),
        (torch.zeros(1, 28, 28), -1, "odd"),
    ],
)
def test_occlusion_map_says_what_is_wrong(x, patch, message):
    with pytest.raises(ValueError, match=message):
        diagnostics.occlusion_map(LeNet(), x, 0, patch=patch)


# ---------------------------------------------------------------- figures


def test_seeds_shows_every_run_and_the_mean():
    figure = plots.seeds({"a": [1.0, 3.0], "b": [2.0]}, title="t", xlabel="accuracy (%)")
    (ax,) = figure.axes
    dots, mean = ax.lines[:2]
    assert list(dots.get_xdata()) == [1.0, 3.0] and list(mean.get_xdata()) == [2.0, 2.0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert ax.get_xlabel() == "accuracy (%)" and ax.get_title() == "t"


def test_outlined_shares_one_range_about_zero():
    maps = torch.stack([torch.full((6, 6), -0.5), torch.full((6, 6), 2.0)])
    pictures = torch.zeros(2, 3, 6, 6, dtype=torch.uint8)  # one of them flat: it has no outline
    pictures[1, :, 2:4, 2:4] = 255
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = plots.outlined(maps, pictures, ["x", "y"], title="t", label="fall")
    drawn = [ax.images[0].get_clim() for ax in figure.axes[:2]]
    assert drawn == [(-2.0, 2.0)] * 2
