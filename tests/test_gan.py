"""Adversarial networks: losses, penalty, spectral normalisation, models, training, measures.

References: PyTorch's own operations, SciPy's matrix square root, finite differences, loops.
"""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers import data, diagnostics
from helpers.models import gan
from helpers.training import TrainingError, fit_gan

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


def test_losses_equal_binary_cross_entropy():
    real, fake = torch.randn(40, **F64), torch.randn(40, **F64)
    bce = F.binary_cross_entropy_with_logits
    expected = bce(real, torch.ones_like(real)) + bce(fake, torch.zeros_like(fake))
    torch.testing.assert_close(gan.discriminator_loss(real, fake), expected)
    torch.testing.assert_close(gan.non_saturating_loss(fake), bce(fake, torch.ones_like(fake)))
    torch.testing.assert_close(gan.minimax_loss(fake), -bce(fake, torch.zeros_like(fake)))


@pytest.mark.parametrize("name", ["minimax", "non_saturating"])
def test_losses_stay_finite_where_d_rounds_to_zero(name):
    logit = torch.tensor([-200.0, 200.0], requires_grad=True)
    loss = gan.LOSSES[name][1](logit)
    loss.backward()
    assert loss.isfinite() and logit.grad.isfinite().all()


def test_slopes_of_the_two_generator_losses():
    logit = torch.tensor([-9.0, -1.0, 0.0, 4.0], **F64).requires_grad_()
    d = torch.sigmoid(logit.detach())
    (slope,) = torch.autograd.grad(4 * gan.minimax_loss(logit), logit)
    torch.testing.assert_close(slope, -d)
    (slope,) = torch.autograd.grad(4 * gan.non_saturating_loss(logit), logit)
    torch.testing.assert_close(slope, -(1 - d))


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


def test_penalty_of_a_linear_critic_is_known():
    w = torch.tensor([3.0, 4.0], **F64)
    real, fake = torch.randn(6, 2, **F64), torch.randn(6, 2, **F64)
    found = gan.gradient_penalty(lambda x: x @ w, real, fake, torch.rand(6, **F64))
    assert found.item() == pytest.approx((5 - 1) ** 2)


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


def test_copies_do_not_touch_each_other():
    g, d = gan.PointGenerator(3), gan.PointDiscriminator(3)
    d(g(torch.randn(3, 8, 16)))[1].sum().backward()
    for p in [*g.parameters(), *d.parameters()]:
        assert p.grad[0].abs().sum() == 0 and p.grad[2].abs().sum() == 0


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


# ---------------------------------------------------------------- fit_gan


def _pair(copies=2, **settings):
    torch.manual_seed(5)
    return gan.PointGenerator(copies, width=16), gan.PointDiscriminator(copies, 16, **settings)


RING = data.load("ring")
QUICK = {"steps": 3, "batch_size": 16, "device": "cpu", "progress": False}


@pytest.mark.parametrize("loss", ["minimax", "non_saturating"])
def test_fit_gan_is_the_published_loop(loss):
    """Against a loop written out with binary cross-entropy, in the order of algorithm 1."""
    g, d = _pair()
    fit_gan(g, d, RING.train_x, loss=loss, lr=1e-3, critic_steps=2, seed=3, **QUICK)
    g2, d2 = _pair()
    rng = torch.Generator().manual_seed(3)
    opt_g = torch.optim.Adam(g2.parameters(), 1e-3, betas=(0.5, 0.999))
    opt_d = torch.optim.Adam(d2.parameters(), 1e-3, betas=(0.5, 0.999))
    bce = F.binary_cross_entropy_with_logits
    for factor in (1, 1, 2 / 3):  # constant for the first half, then linear to 0
        for opt in (opt_g, opt_d):
            opt.param_groups[0]["lr"] = 1e-3 * factor
        for _ in range(2):
            x = RING.train_x[torch.randint(len(RING.train_x), (2, 16), generator=rng)]
            fake = g2(torch.randn(2, 16, 16, generator=rng)).detach()
            a, b = d2(x), d2(fake)
            opt_d.zero_grad()
            (2 * bce(a, torch.ones_like(a)) + 2 * bce(b, torch.zeros_like(b))).backward()
            opt_d.step()
        b = d2(g2(torch.randn(2, 16, 16, generator=rng)))
        zero, one = torch.zeros_like(b), torch.ones_like(b)
        opt_g.zero_grad()
        (2 * bce(b, one) if loss == "non_saturating" else -2 * bce(b, zero)).backward()
        opt_g.step()
    for p, q in zip(
        [*g.parameters(), *d.parameters()], [*g2.parameters(), *d2.parameters()], strict=True
    ):
        torch.testing.assert_close(p, q, rtol=1e-4, atol=1e-6)


def test_fit_gan_repeats_itself_and_ends_in_eval_mode():
    results = []
    for _ in range(2):
        g, d = _pair()
        history = fit_gan(g, d, RING.train_x, every=1, **QUICK)
        results.append((torch.stack(history.generator_loss), [p.clone() for p in g.parameters()]))
        assert not g.training and not d.training
        assert all(p.requires_grad for p in d.parameters())
    assert torch.equal(results[0][0], results[1][0])
    assert all(torch.equal(p, q) for p, q in zip(results[0][1], results[1][1], strict=True))


def test_fit_gan_records_and_watches():
    g, d = _pair()
    settings = {**QUICK, "steps": 6}
    history = fit_gan(g, d, RING.train_x, every=2, watch=lambda step: step * 10, **settings)
    assert history.steps == [2, 4, 6] and history.watched == [20, 40, 60] and len(history) == 3
    assert history.real[0].shape == (2,) and history.stopped == ""


def test_clipping_bounds_every_weight():
    g, d = _pair()
    fit_gan(g, d, RING.train_x, loss="wasserstein", clip=0.05, **QUICK)
    assert all(p.abs().max() <= 0.05 for p in d.parameters())


def test_fit_gan_trains_images_with_a_penalty():
    x = data.load("digits").train_x[:64].float() / 127.5 - 1
    g = gan.DCGANGenerator((1, 8, 8), width=4, stages=1)
    d = gan.DCGANDiscriminator((1, 8, 8), width=4, stages=1, norm="none")
    history = fit_gan(g, d, x, loss="wasserstein", penalty=10.0, every=3, **QUICK)
    assert history.discriminator_loss[0].shape == () and history.discriminator_loss[0].isfinite()


def test_a_balanced_pair_learns_the_ring():
    torch.manual_seed(0)
    g, d = gan.PointGenerator(1, hidden=2), gan.PointDiscriminator(1, hidden=2)
    fit_gan(g, d, RING.train_x, steps=1500, batch_size=128, lr=2e-3, device="cpu", progress=False)
    found = diagnostics.mode_coverage(gan.generate(g, gan.noise(g, 2000)), RING.centres, RING.sigma)
    assert found.covered.item() >= 7 and found.quality.item() > 0.6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loss": "hinge"}, "unknown loss"),
        ({"steps": 0}, "at least 1"),
        ({"critic_steps": 0}, "at least 1"),
        ({"device": "nonsense"}, "device"),
    ],
)
def test_fit_gan_refuses_wrong_settings(change, message):
    g, d = _pair()
    with pytest.raises((ValueError, RuntimeError), match=message):
        fit_gan(g, d, RING.train_x, **{**QUICK, **change})


def test_fit_gan_refuses_wrong_data_and_pairs():
    g, d = _pair()
    with pytest.raises(ValueError, match="127.5"):
        fit_gan(g, d, torch.zeros(4, 2, dtype=torch.uint8), **QUICK)
    with pytest.raises(ValueError, match="float examples"):
        fit_gan(g, d, torch.zeros(0, 2), **QUICK)
    with pytest.raises(ValueError, match="copies"):
        fit_gan(g, gan.PointDiscriminator(3), RING.train_x, **QUICK)
    images = torch.zeros(4, 1, 28, 28)
    pair = gan.DCGANGenerator((1, 28, 28)), gan.DCGANDiscriminator((1, 28, 28))
    with pytest.raises(ValueError, match="batch normalisation"):
        fit_gan(*pair, images, loss="wasserstein", **QUICK)


def test_fit_gan_says_when_a_loss_is_not_finite():
    g, d = _pair()
    with pytest.raises(TrainingError, match="discriminator loss became .* keep the critic bounded"):
        fit_gan(g, d, RING.train_x * float("nan"), every=1, **QUICK)


def test_an_interrupt_ends_training_with_the_history_so_far(capsys):
    def stop(step):
        if step == 2:
            raise KeyboardInterrupt
        return step

    g, d = _pair()
    history = fit_gan(g, d, RING.train_x, every=1, watch=stop, **{**QUICK, "steps": 9})
    assert history.stopped == "interrupted" and history.watched == [1]
    assert "step 2 of 9" in capsys.readouterr().out
    assert not g.training and all(p.requires_grad for p in d.parameters())


# ---------------------------------------------------------------- data


def test_ring_has_the_moments_it_states():
    ring = data.ring(size=80_000, radius=3.0, sigma=0.2)
    assert (
        ring.train_x.dtype == torch.float32 and torch.bincount(ring.train_y).unique().numel() == 1
    )
    torch.testing.assert_close(ring.centres.norm(dim=1), torch.full((8,), 3.0))
    apart = ring.train_x - ring.centres[ring.train_y]
    assert apart.std(0).tolist() == pytest.approx([0.2, 0.2], rel=0.02)
    assert torch.equal(data.load("ring").train_x, data.load("ring").train_x)
    with pytest.raises(ValueError, match="at least one mode"):
        data.ring(modes=0)


# ---------------------------------------------------------------- measures


def test_mode_coverage_counts_by_hand():
    centres = torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    samples = torch.cat(
        [
            torch.zeros(20, 2),
            torch.tensor([[10.0, 0.2]]).repeat(9, 1),
            torch.tensor([[0.0, 9.0]]),  # ten sigma away from the third
        ]
    )
    found = diagnostics.mode_coverage(samples, centres, sigma=0.1)
    assert found.counts.tolist() == [20, 9, 0] and found.covered.item() == 2
    assert found.quality.item() == pytest.approx(29 / 30)
    # a tenth of the fair share of 10 is one sample: one is enough, none is not
    one = torch.cat([torch.zeros(29, 2), centres[2:]])
    assert diagnostics.mode_coverage(one, centres, 0.1).covered.item() == 2


def test_true_points_have_the_share_of_a_gaussian():
    ring = data.ring(size=50_000)
    found = diagnostics.mode_coverage(ring.train_x, ring.centres, ring.sigma)
    assert found.covered.item() == 8
    assert found.quality.item() == pytest.approx(1 - math.exp(-4.5), abs=0.003)


def test_mode_coverage_of_copies_and_of_bad_samples():
    ring = data.load("ring")
    two = torch.stack([ring.train_x[:800], torch.full((800, 2), float("nan"))])
    found = diagnostics.mode_coverage(two, ring.centres, ring.sigma)
    assert found.covered.tolist() == [8, 0] and found.quality[1] == 0
    with pytest.raises(ValueError, match="N > 0"):
        diagnostics.mode_coverage(torch.zeros(0, 2), ring.centres, 0.1)
    with pytest.raises(ValueError, match="space of the centres"):
        diagnostics.mode_coverage(torch.zeros(5, 3), ring.centres, 0.1)


def _frechet_by_scipy(a, b):
    from scipy.linalg import sqrtm

    a, b = a.numpy(), b.numpy()
    ca, cb = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    cross = sqrtm(ca @ cb).real
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(ca + cb - 2 * cross)


@pytest.mark.parametrize(("n", "m", "d"), [(200, 300, 5), (50, 400, 12), (1000, 1000, 2)])
def test_frechet_distance_against_scipy(n, m, d):
    a = torch.randn(n, d, **F64) @ torch.randn(d, d, **F64)
    b = torch.randn(m, d, **F64) @ torch.randn(d, d, **F64) + 1
    assert diagnostics.frechet_distance(a, b) == pytest.approx(_frechet_by_scipy(a, b), rel=1e-9)


def test_frechet_distance_where_it_is_known():
    x = torch.randn(300, 4, **F64)
    assert diagnostics.frechet_distance(x, x) == pytest.approx(0, abs=1e-9)
    assert diagnostics.frechet_distance(x, x + 2) == pytest.approx(16, rel=1e-9)  # 4 x 2^2
    spread = x.var(0).sum().item()
    assert diagnostics.frechet_distance(x, 3 * x - 2 * x.mean(0)) == pytest.approx(4 * spread)
    one = torch.randn(50, 1, **F64)  # one feature: (m - m')^2 + (s - s')^2
    assert diagnostics.frechet_distance(one, 2 * one) == pytest.approx(
        (one.mean() ** 2 + one.var()).item()
    )


def test_frechet_distance_survives_singular_covariances():
    a, b = torch.randn(5, 20, **F64), torch.randn(6, 20, **F64)  # fewer examples than features
    found = diagnostics.frechet_distance(a, b)
    assert math.isfinite(found) and found > 0
    assert diagnostics.frechet_distance(torch.zeros(5, 3), torch.ones(5, 3)) == pytest.approx(3)


def test_frechet_distance_of_equal_distributions_falls_with_sample_size():
    x = torch.randn(8000, 16, **F64)
    small = diagnostics.frechet_distance(x[:100], x[100:200])
    large = diagnostics.frechet_distance(x[:4000], x[4000:])
    assert small > 10 * large


def _precision_recall_by_loops(real, fake, k):
    def balls(x):
        return [
            sorted(math.dist(p, q) for j, q in enumerate(x) if j != i)[k - 1]
            for i, p in enumerate(x)
        ]

    def share(points, others):
        radii = balls(others)
        inside = [
            any(math.dist(p, q) <= r for q, r in zip(others, radii, strict=True)) for p in points
        ]
        return sum(inside) / len(points)

    real, fake = real.tolist(), fake.tolist()
    return share(fake, real), share(real, fake)


@pytest.mark.parametrize("k", [1, 3])
def test_precision_and_recall_against_loops(k):
    real, fake = torch.randn(40, 3, **F64), 0.6 * torch.randn(30, 3, **F64) + 0.4
    expected = _precision_recall_by_loops(real, fake, k)
    assert 0 < expected[0] <= 1 and 0 < expected[1] < 1
    assert diagnostics.precision_recall(real, fake, k) == pytest.approx(expected)


def test_precision_and_recall_where_they_are_known():
    x = torch.randn(100, 2)
    assert diagnostics.precision_recall(x, x) == (1.0, 1.0)
    assert diagnostics.precision_recall(x, x + 1000) == (0.0, 0.0)
    two = torch.cat([torch.randn(50, 2), torch.randn(50, 2) + 100])
    precision, recall = diagnostics.precision_recall(two, two[:50] + 1e-6)  # one mode left out
    assert precision == 1.0 and recall == 0.5


def test_measures_refuse_bad_features():
    good = torch.randn(10, 3)
    for measure in (diagnostics.frechet_distance, diagnostics.precision_recall):
        with pytest.raises(ValueError, match="at least 2"):
            measure(good[:1], good)
        with pytest.raises(ValueError, match="features"):
            measure(good, torch.randn(10, 4))
        with pytest.raises(ValueError, match="finite"):
            measure(good, torch.full((10, 3), float("nan")))
    with pytest.raises(ValueError, match="k must be"):
        diagnostics.precision_recall(good, good, k=10)


def test_nearest_finds_copies():
    among = torch.randn(50, 1, 4, 4)
    order = torch.randperm(50)[:9]
    distance, index = diagnostics.nearest(among[order], among)
    assert torch.equal(index, order) and distance.max() < 1e-5
    far, _ = diagnostics.nearest(torch.zeros(1, 2), torch.tensor([[3.0, 4.0], [30.0, 40.0]]))
    assert far.item() == pytest.approx(5)
    with pytest.raises(ValueError, match="compared"):
        diagnostics.nearest(among, torch.randn(5, 3))
