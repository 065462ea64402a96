"""Muon against PyTorch's own for matrices, AdamW for the rest, and the singular values."""

import copy

import pytest
import torch
import torch.nn.functional as F
from tiny import numbers, tiny_set
from torch import nn

from helpers.training import fit
from helpers.training.muon import Muon, orthogonal


def net() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 20), nn.Tanh(), nn.Linear(20, 3))


def conv_net() -> nn.Sequential:
    torch.manual_seed(0)
    layers = nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 6, 3), nn.ReLU()
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(6 * 16, 3))


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_hidden_matrices_move_as_with_pytorchs_muon_and_the_rest_as_with_adamw(weight_decay):
    ours, theirs = net(), net()
    mine = Muon(ours.parameters(), 0.01, weight_decay=weight_decay)
    hidden = theirs[2].weight
    rest = [p for p in theirs.parameters() if p is not hidden]
    references = [
        torch.optim.Muon([hidden], 0.01, weight_decay, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, 0.01, (0.9, 0.95), weight_decay=weight_decay),
    ]
    g = torch.Generator().manual_seed(1)
    for _ in range(5):
        for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
            p.grad = torch.randn(p.shape, generator=g)
            q.grad = p.grad.clone()
        for optimiser in (mine, *references):
            optimiser.step()
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        # theirs iterates in bfloat16, whose numbers have 8 bits
        tolerance = 1e-3 if q is hidden else 1e-6
        torch.testing.assert_close(p, q, atol=tolerance, rtol=0)
    assert (ours[2].weight - net()[2].weight).abs().mean() > 5e-3


@pytest.mark.parametrize("shape", [(5, 40), (40, 5), (16, 16), (1, 7)])
def test_orthogonal_keeps_the_singular_vectors_and_makes_the_values_about_one(shape):
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    inside = u.T @ orthogonal(x).float() @ vh.T
    off = inside - torch.diag(inside.diagonal())
    assert off.abs().max() < 0.05
    large = s > 0.05 * s.norm()  # a tiny one needs more than five steps
    assert ((inside.diagonal() > 0.6) & (inside.diagonal() < 1.25))[large].all()


@pytest.mark.parametrize("small", [0.0, 1e-4, 1e-3, 1e-2])
def test_a_gradient_of_few_directions_is_not_blown_up(small):
    g = torch.Generator().manual_seed(0)
    few = torch.randn(64, 3, generator=g) @ torch.randn(3, 300, generator=g)
    x = few + small * torch.randn(64, 300, generator=g)
    assert torch.linalg.svdvals(orthogonal(x)).max() < 1.25


def test_a_zero_gradient_moves_nothing():
    assert orthogonal(torch.zeros(3, 4)).abs().max() == 0


def test_a_convolution_counts_as_a_matrix_whatever_its_memory_format():
    plain, last = conv_net(), conv_net().to(memory_format=torch.channels_last)
    x, y = torch.randn(8, 1, 8, 8, generator=torch.Generator().manual_seed(2)), torch.arange(8) % 3
    for model in (plain, last):
        before = copy.deepcopy(model[2].weight)
        optimiser = Muon(model.parameters(), 0.01)
        F.cross_entropy(model(x), y).backward()
        optimiser.step()
        moved = (model[2].weight - before).flatten(1).detach()
        # the entries of a step are as large as AdamW's: 0.2 of the rate, to within the iteration
        assert moved.norm() / moved.numel() ** 0.5 == pytest.approx(0.01 * 0.2, rel=0.3)
    torch.testing.assert_close(plain[2].weight, last[2].weight, atol=2e-4, rtol=0)


def test_a_parameter_without_a_gradient_and_a_model_without_hidden_weights():
    model = net()
    optimiser = Muon(model.parameters(), 0.01)
    before = copy.deepcopy(model.state_dict())
    optimiser.step()
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())
    assert len(Muon(nn.Linear(3, 2).parameters(), 0.01).param_groups) == 1


def test_resume_is_exact(tmp_path):
    data, settings = tiny_set(), {"batch_size": 16, "lr": 0.01, "optimiser": "muon", "seed": 3}

    def small() -> nn.Module:
        torch.manual_seed(4)
        pixels = data.train_x[0].numel()
        layers = nn.Linear(pixels, 12), nn.ReLU(), nn.Linear(12, 12), nn.ReLU(), nn.Linear(12, 3)
        return nn.Sequential(nn.Flatten(), *layers)

    whole = fit(small(), data, epochs=4, **settings)
    file = tmp_path / "half.pt"
    fit(small(), data, epochs=2, checkpoint=file, **settings)
    resumed = fit(small(), data, epochs=4, checkpoint=file, **settings)
    assert numbers(resumed) == numbers(whole)
