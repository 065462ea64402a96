"""The residual networks against torchvision's models, published counts, and bad input."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers import diagnostics, plots
from helpers.models.resnet import BasicBlock, CifarResNet, PreActBlock, ResNet, make_shortcut
from helpers.training import parameter_count


def randomised(model: nn.Module) -> nn.Module:
    """Random values everywhere, batch statistics too, so that no two parts can be confused."""
    generator = torch.Generator().manual_seed(0)
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            noise = torch.randn(value.shape, generator=generator, dtype=value.dtype)
            scale = value.abs().mean().clamp_min(0.1)
            value.copy_(noise.abs() + 0.5 if "running_var" in name else scale * noise)
    return model


# ---------------------------------------------------------------- the ImageNet family


@pytest.mark.parametrize("depth", [18, 34, 50])
def test_torchvisions_weights_load_and_give_its_outputs(depth):
    from torchvision import models

    theirs = randomised(getattr(models, f"resnet{depth}")().double()).eval()
    ours = ResNet(depth).double().eval()
    ours.load_state_dict(theirs.state_dict())  # strict: every name and every shape
    assert list(ours.state_dict()) == list(theirs.state_dict())
    x = torch.randn(2, 3, 64, 64, dtype=torch.float64)
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x), rtol=1e-10, atol=1e-10)


def test_gradients_and_batch_statistics_equal_torchvisions():
    from torchvision import models

    theirs = models.resnet18().double().train()
    ours = ResNet(18).double().train()
    ours.load_state_dict(theirs.state_dict())
    x, y = torch.randn(4, 3, 64, 64, dtype=torch.float64), torch.tensor([0, 1, 2, 3])
    for model in (ours, theirs):
        F.cross_entropy(model(x), y).backward()
    for (name, p), q in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(p.grad, q.grad, rtol=1e-8, atol=1e-10, msg=name)
    torch.testing.assert_close(ours.bn1.running_mean, theirs.bn1.running_mean)


@pytest.mark.parametrize(("depth", "count"), [(101, 44_549_160), (152, 60_192_808)])
def test_deeper_models_have_torchvisions_parameter_counts(depth, count):
    with torch.device("meta"):
        assert parameter_count(ResNet(depth)) == count


def test_classes_set_the_size_of_the_last_layer():
    assert ResNet(18, classes=7).eval()(torch.zeros(1, 3, 32, 32)).shape == (1, 7)


# ---------------------------------------------------------------- the CIFAR family


@pytest.mark.parametrize(
    ("depth", "millions", "exact"),
    [
        (20, "0.27", 269_722),
        (32, "0.46", 464_154),
        (44, "0.66", 658_586),
        (56, "0.85", 853_018),
        (110, "1.7", 1_727_962),
    ],
)
def test_published_parameter_counts(depth, millions, exact):
    count = parameter_count(CifarResNet(depth))
    assert count == exact
    assert f"{count / 1e6:.{len(millions) - 2}f}" == millions  # table 6 of the paper


@pytest.mark.parametrize("depth", [8, 20, 56])
@pytest.mark.parametrize("pre_activation", [False, True])
def test_depth_is_the_number_of_layers_with_weights(depth, pre_activation):
    model = CifarResNet(depth, pre_activation=pre_activation)
    layers = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(layers) == depth


def test_options_a_and_none_have_equally_many_parameters_and_b_has_its_projections_more():
    counts = {s: parameter_count(CifarResNet(20, shortcut=s)) for s in ("A", "B", "none")}
    assert counts["A"] == counts["none"]
    # two 1x1 projections, 16 to 32 and 32 to 64 channels, each with batch normalisation
    assert counts["B"] - counts["A"] == 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64


@pytest.mark.parametrize("shortcut", ["A", "B", "none"])
@pytest.mark.parametrize("pre_activation", [False, True])
def test_sizes_of_the_stages(shortcut, pre_activation):
    model = CifarResNet(
        14, classes=5, in_channels=1, width=4, shortcut=shortcut, pre_activation=pre_activation
    ).eval()
    shapes = []
    for stage in (model.layer1, model.layer2, model.layer3):
        stage.register_forward_hook(lambda _m, _x, out: shapes.append(tuple(out.shape)))
    assert model(torch.randn(2, 1, 32, 32)).shape == (2, 5)
    assert shapes == [(2, 4, 32, 32), (2, 8, 16, 16), (2, 16, 8, 8)]


# ---------------------------------------------------------------- the block


def test_option_a_subsamples_and_pads_with_zeros():
    shortcut = make_shortcut(2, 5, stride=2, option="A")
    x = torch.randn(3, 2, 7, 6)
    out = shortcut(x)
    assert out.shape == (3, 5, 4, 3)
    assert torch.equal(out[:, :2], x[:, :, ::2, ::2])
    assert out[:, 2:].abs().sum() == 0
    assert not list(shortcut.parameters())


def test_option_b_is_a_projection_with_batch_normalisation():
    shortcut = make_shortcut(2, 5, stride=2, option="B").double().eval()
    x = torch.randn(3, 2, 7, 6, dtype=torch.float64)
    weight = shortcut[0].weight[:, :, 0, 0]  # (5, 2)
    expected = torch.einsum("oc,bchw->bohw", weight, x[:, :, ::2, ::2]) / (1 + 1e-5) ** 0.5
    torch.testing.assert_close(shortcut(x), expected)


@pytest.mark.parametrize("option", ["A", "B", "none"])
def test_nothing_stands_in_the_way_where_the_shape_stays(option):
    assert make_shortcut(4, 4, stride=1, option=option) is None


def test_a_silent_branch_leaves_the_shortcut_alone():
    x = torch.randn(2, 4, 6, 6)
    with torch.no_grad():
        post, pre = BasicBlock(4, 4).eval(), PreActBlock(4, 4).eval()
        plain = BasicBlock(4, 4, shortcut="none").eval()
        for block in (post, plain):
            block.bn2.weight.zero_()
        pre.conv2.weight.zero_()
        assert torch.equal(post(x), F.relu(x))  # ReLU after the addition
        assert torch.equal(pre(x), x)  # nothing after the addition
        assert plain(x).abs().sum() == 0


def test_plain_block_is_the_residual_block_without_the_addition():
    residual, plain = BasicBlock(4, 4).eval(), BasicBlock(4, 4, shortcut="none").eval()
    plain.load_state_dict(residual.state_dict())
    x = torch.randn(2, 4, 6, 6)
    with torch.no_grad():
        branch = residual.bn2(residual.conv2(F.relu(residual.bn1(residual.conv1(x)))))
        assert torch.equal(residual(x), F.relu(x + branch))
        assert torch.equal(plain(x), F.relu(branch))


def test_gradient_reaches_every_parameter():
    for pre_activation in (False, True):
        model = CifarResNet(14, in_channels=1, width=4, shortcut="B", pre_activation=pre_activation)
        model(torch.randn(8, 1, 8, 8)).logsumexp(1).sum().backward()
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    "make, says",
    [
        *((lambda d=d: CifarResNet(d), rf"6n \+ 2.*not {d}") for d in (0, 2, 18, 21, -4)),
        (lambda: ResNet(20), "18, 34, 50, 101, 152, not 20"),
        (lambda: CifarResNet(8, shortcut="C"), "A, B, none, not 'C'"),
    ],
)
def test_what_cannot_be_built_is_refused(make, says):
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 1, 32, 32), (2, 32, 32, 3)])
def test_images_of_the_wrong_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(B, 3, H, W\)"):
        CifarResNet(8)(torch.zeros(shape))


# ---------------------------------------------------------------- the loss surface


def test_filter_normalised_direction_has_each_filters_length():
    model = CifarResNet(8, in_channels=1, width=4, shortcut="B")
    direction = diagnostics.filter_normalised_direction(model, seed=3)
    assert list(direction) == [name for name, _ in model.named_parameters()]
    for name, p in model.named_parameters():
        if p.ndim < 2:
            assert not direction[name].any()
        else:
            for ours, its in zip(direction[name], p.detach(), strict=True):
                torch.testing.assert_close(ours.norm(), its.norm())
    again = diagnostics.filter_normalised_direction(model, seed=3)
    other = diagnostics.filter_normalised_direction(model, seed=4)
    assert torch.equal(direction["fc.weight"], again["fc.weight"])
    assert not torch.equal(direction["fc.weight"], other["fc.weight"])


def test_loss_surface_is_the_loss_at_the_moved_weights():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(6, 5, dtype=torch.float64))
    x, y = torch.randn(8, 6, dtype=torch.float64), torch.randint(5, (8,))
    at, losses = diagnostics.loss_surface(model, x, y, span=2, points=3, seed=7)
    u = diagnostics.filter_normalised_direction(model, 14)["1.weight"]
    v = diagnostics.filter_normalised_direction(model, 15)["1.weight"]
    assert at.tolist() == [-2, 0, 2]
    for i, s in enumerate(at.tolist()):
        for j, t in enumerate(at.tolist()):
            weight = model[1].weight.detach() + s * u + t * v
            expected = F.cross_entropy(x @ weight.T + model[1].bias, y)
            assert losses[i, j].item() == pytest.approx(expected.item(), abs=1e-6)


@pytest.mark.parametrize("training", [True, False])
def test_loss_surface_leaves_the_model_as_it_was(training):
    model = CifarResNet(8, in_channels=1, width=4).train(training)
    x, y = torch.randn(8, 1, 8, 8), torch.randint(10, (8,))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    at, losses = diagnostics.loss_surface(model, x, y, points=3)
    assert model.training is training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in model.parameters())
    with torch.no_grad():
        assert losses[1, 1].item() == pytest.approx(F.cross_entropy(model(x), y).item(), abs=1e-5)


def test_loss_surface_refuses_a_grid_that_is_none():
    model = nn.Linear(3, 2)
    x, y = torch.randn(4, 3), torch.zeros(4, dtype=torch.int64)
    with pytest.raises(ValueError, match="points >= 2"):
        diagnostics.loss_surface(model, x, y, points=1)
    with pytest.raises(ValueError, match="span > 0"):
        diagnostics.loss_surface(model, x, y, span=0)
    with pytest.raises(ValueError, match="as many"):
        diagnostics.loss_surface(model, x, y[:3])


def test_gradients_by_depth_grow_in_a_plain_network_more_than_in_a_residual_one():
    torch.manual_seed(0)
    x, y = torch.randn(32, 1, 8, 8), torch.randint(10, (32,))
    growth = {}
    for shortcut in ("none", "A"):
        model = CifarResNet(56, in_channels=1, width=8, shortcut=shortcut)
        layers = diagnostics.layer_statistics(model, x, y, (BasicBlock,))
        norms = [layer.gradient.norm().item() for layer in layers.values()]
        assert len(norms) == 27
        growth[shortcut] = norms[0] / norms[-1]
    assert growth["none"] > 20 * growth["A"] > 20


def test_surfaces_shows_one_named_map_each():
    at = torch.linspace(-1, 1, 5)
    losses = {"one": at[:, None] ** 2 + at**2, "two": torch.full((5, 5), 2.0)}
    figure = plots.surfaces(at, losses, title="Two surfaces")
    assert [ax.get_title() for ax in figure.axes] == ["one", "two"]
