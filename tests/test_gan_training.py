"""helpers.training.fit_gan: the published loop, the ring, interrupts and clear errors."""

import pytest
import torch

from helpers import data, diagnostics
from helpers.models import gan
from helpers.training import TrainingError, fit_gan

F64 = {"dtype": torch.float64}


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


# ---------------------------------------------------------------- fit_gan


def _pair(copies=2, **settings):
    torch.manual_seed(5)
    return gan.PointGenerator(copies, width=16), gan.PointDiscriminator(copies, 16, **settings)


RING = data.load("ring")
QUICK = {"steps": 3, "batch_size": 16, "device": "cpu", "progress": False}


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
