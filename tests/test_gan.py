"""Adversarial networks: losses, penalty, spectral normalisation, models.

References: PyTorch's own operations, finite differences, loops.
"""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers.models import gan

F64 = {"dtype": torch.float64}


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


# ---------------------------------------------------------------- losses


def test_losses_are_the_published_formulas():
    real, fake = torch.randn(3, 50, **F64), torch.randn(3, 50, **F64)
    d_real, d_fake = torch.sigmoid(real), torch.sigmoid(fake)
    game = d_real.log().mean(1) + (1 - d_fake).log().mean(1)  # V of Goodfellow and others, eq. 1
    torch.testing.assert_close(gan.discriminator_loss(real, fake), -game)
    torch.testing.assert_close(gan.minimax_loss(fake), (1 - d_fake).log().mean(1))
    torch.testing.assert_close(gan.non_saturating_loss(fake), -d_fake.log().mean(1))
    torch.testing.assert_close(gan.critic_loss(real, fake), fake.mean(1) - real.mean(1))
    torch.testing.assert_close(gan.wasserstein_loss(fake), -fake.mean(1))


@pytest.mark.parametrize("name", ["minimax", "non_saturating"])
def test_losses_stay_finite_where_d_rounds_to_zero(name):
    logit = torch.tensor([-200.0, 200.0], requires_grad=True)
    loss = gan.LOSSES[name][1](logit)
    loss.backward()
    assert loss.isfinite() and logit.grad.isfinite().all()


# ---------------------------------------------------------------- gradient penalty


def _penalty_by_finite_differences(critic, real, fake, share, h=1e-6):
    """For plain critics `(B, D)` to `(B,)`."""
    x = real + share[:, None] * (fake - real)
    slope = torch.empty_like(x)
    for j in range(x.shape[1]):
        step = torch.zeros_like(x)
        step[:, j] = h
        slope[:, j] = (critic(x + step) - critic(x - step)) / (2 * h)
    return ((slope.norm(dim=1) - 1) ** 2).mean()


def test_gradient_penalty_against_finite_differences():
    critic = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0)).double()
    real, fake, share = torch.randn(20, 3, **F64), torch.randn(20, 3, **F64), torch.rand(20, **F64)
    with torch.no_grad():
        expected = _penalty_by_finite_differences(critic, real, fake, share)
    found = gan.gradient_penalty(critic, real, fake, share)
    torch.testing.assert_close(found.detach(), expected, rtol=1e-7, atol=1e-9)


def test_gradient_of_the_penalty_against_finite_differences():
    critic = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 1), nn.Flatten(0)).double()
    real, fake, share = torch.randn(9, 2, **F64), torch.randn(9, 2, **F64), torch.rand(9, **F64)
    gan.gradient_penalty(critic, real, fake, share).backward()
    weight, h = critic[0].weight, 1e-6
    numeric = torch.empty_like(weight)
    for i in range(weight.numel()):
        values = []
        for sign in (1, -1):
            with torch.no_grad():
                weight.view(-1)[i] += sign * h
            values.append(gan.gradient_penalty(critic, real, fake, share).item())
            with torch.no_grad():
                weight.view(-1)[i] -= sign * h
        numeric.view(-1)[i] = (values[0] - values[1]) / (2 * h)
    torch.testing.assert_close(weight.grad, numeric, rtol=1e-6, atol=1e-8)


def test_penalty_keeps_copies_and_images_apart():
    w = torch.tensor([[3.0, 4.0], [0.0, 1.0]], **F64)  # one critic per copy
    critic = lambda x: (x * w[:, None]).sum(-1)  # noqa: E731
    points = torch.randn(2, 7, 2, **F64)
    found = gan.gradient_penalty(critic, points, points.flip(1), torch.rand(2, 7, **F64))
    torch.testing.assert_close(found, torch.tensor([16.0, 0.0], **F64))
    images = torch.randn(5, 1, 4, 4, **F64)
    found = gan.gradient_penalty(
        lambda x: x.flatten(1).sum(1), images, images.flip(0), torch.rand(5, **F64)
    )
    assert found.item() == pytest.approx((4 - 1) ** 2)  # the slope is 16 ones: length 4


def test_penalty_refuses_unequal_batches():
    with pytest.raises(ValueError, match="one shape"):
        gan.gradient_penalty(lambda x: x.sum(1), torch.ones(3, 2), torch.ones(4, 2), torch.ones(3))


# ---------------------------------------------------------------- spectral normalisation


@pytest.mark.parametrize("shape", [(7, 4), (4, 7), (6, 3, 3, 3)])
def test_spectral_norm_divides_by_the_largest_singular_value(shape):
    weight = torch.randn(shape, **F64)
    norm = gan.SpectralNorm(weight)
    for _ in range(300):
        found = norm(weight)
    sigma = torch.linalg.matrix_norm(weight.flatten(1), 2)
    torch.testing.assert_close(found, weight / sigma, rtol=1e-8, atol=1e-10)


def test_spectral_norm_equals_pytorch_step_by_step():
    ours, theirs = nn.Conv2d(2, 5, 3).double(), nn.Conv2d(2, 5, 3).double()
    theirs.load_state_dict(ours.state_dict())
    gan.spectral_norm(ours)
    nn.utils.parametrizations.spectral_norm(theirs)
    mine, reference = ours.parametrizations.weight[0], theirs.parametrizations.weight[0]
    mine.u = reference._u.clone()[None, :, None]
    mine.v = reference._v.clone()[None, :, None]
    x = torch.randn(4, 2, 6, 6, **F64)
    for _ in range(3):
        a, b = ours(x), theirs(x)
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-12)
        for layer, out in ((ours, a), (theirs, b)):
            layer.zero_grad()
            out.square().sum().backward()
        torch.testing.assert_close(
            ours.parametrizations.weight.original.grad,
            theirs.parametrizations.weight.original.grad,
            rtol=1e-10,
            atol=1e-10,
        )


def test_stacked_spectral_norm_treats_each_copy_alone():
    layer = gan.StackedLinear(3, 6, 4).double()
    sigma = torch.linalg.matrix_norm(layer.weight.detach(), 2)  # (3,)
    before = layer.weight.detach().clone()
    gan.spectral_norm(layer)
    for _ in range(300):
        layer.weight  # noqa: B018 - each use makes one step
    expected = before / sigma[:, None, None]
    torch.testing.assert_close(layer.weight.detach(), expected, rtol=1e-8, atol=1e-10)


def test_spectral_norm_rests_in_eval_mode_and_travels_in_the_state():
    layer = gan.spectral_norm(nn.Linear(5, 5)).eval()
    u = layer.parametrizations.weight[0].u.clone()
    first, second = layer.weight, layer.weight
    assert torch.equal(first, second) and torch.equal(u, layer.parametrizations.weight[0].u)
    other = gan.spectral_norm(nn.Linear(5, 5)).eval()
    other.load_state_dict(layer.state_dict())
    assert torch.equal(other.weight, layer.weight)


def test_a_normalised_discriminator_is_lipschitz():
    d = gan.PointDiscriminator(copies=2, lipschitz=3.0)
    for _ in range(100):
        d(torch.randn(2, 1, 2))
    d.eval()
    a, b = torch.randn(2, 500, 2), torch.randn(2, 500, 2)
    slope = (d(a) - d(b)).abs() / (a - b).norm(dim=-1)
    assert slope.max() <= 3.0 * 1.01


def test_spectral_norm_refuses_a_layer_without_a_matrix():
    with pytest.raises(TypeError, match="ReLU"):
        gan.spectral_norm(nn.ReLU())


# ---------------------------------------------------------------- models


def test_stacked_layers_equal_separate_ones():
    layer = gan.StackedLinear(3, 4, 5)
    x = torch.randn(3, 7, 4)
    for s in range(3):
        expected = F.linear(x[s], layer.weight[s].T, layer.bias[s, 0])
        torch.testing.assert_close(layer(x)[s], expected)
    assert layer.weight.abs().max() <= 0.5 and layer.weight.std().item() == pytest.approx(
        0.289, abs=0.06
    )


@pytest.mark.parametrize(("shape", "stages"), [((1, 28, 28), 2), ((3, 32, 32), 3), ((1, 8, 8), 1)])
def test_dcgan_shapes_range_and_initialisation(shape, stages):
    g = gan.DCGANGenerator(shape, latent=10, width=8, stages=stages)
    d = gan.DCGANDiscriminator(shape, width=8, stages=stages)
    x = g(torch.randn(6, 10))
    assert x.shape == (6, *shape) and x.abs().max() <= 1 and d(x).shape == (6,)
    weights = [m.weight for m in g.modules() if isinstance(m, nn.ConvTranspose2d)]
    assert torch.cat([w.flatten() for w in weights]).std().item() == pytest.approx(0.02, rel=0.15)
    # the paper's rules: no pooling, no dense layer; normalised but for D's first, G's last layer
    for model in (g, d):
        kinds = [type(m) for m in model.modules()]
        assert not any(issubclass(k, nn.Linear | nn.MaxPool2d | nn.AvgPool2d) for k in kinds)
    assert isinstance(g.layers[-1], nn.Tanh) and isinstance(g.layers[-2], nn.ConvTranspose2d)
    assert isinstance(d.layers[1], nn.LeakyReLU) and d.layers[1].negative_slope == 0.2


def test_dcgan_of_the_paper_has_its_widths():
    g = gan.DCGANGenerator((3, 64, 64), latent=100, width=128, stages=4)
    widths = [m.out_channels for m in g.modules() if isinstance(m, nn.ConvTranspose2d)]
    assert widths == [1024, 512, 256, 128, 3]  # figure 1


def test_a_critic_without_batch_norm_scores_each_example_alone():
    critic = gan.DCGANDiscriminator((1, 8, 8), norm="none")
    x = torch.randn(5, 1, 8, 8)
    torch.testing.assert_close(critic(x)[:1], critic(x[:1]))


def test_models_refuse_what_cannot_be():
    with pytest.raises(ValueError, match="stages"):
        gan.DCGANGenerator((1, 28, 28), stages=3)
    with pytest.raises(ValueError, match="norm"):
        gan.DCGANDiscriminator((1, 28, 28), norm="layer")


def test_generate_puts_the_mode_back_and_keeps_no_graph():
    g = gan.DCGANGenerator((1, 8, 8), latent=4, width=4, stages=1).train()
    z = gan.noise(g, 7)
    x = gan.generate(g, z, batch_size=3)
    assert g.training and not x.requires_grad and x.shape == (7, 1, 8, 8)
    torch.testing.assert_close(x, gan.generate(g, z))  # eval mode: batches do not matter
