"""The instruments of training: against values worked out otherwise, and leaving no trace."""

import copy
import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers import diagnostics, plots
from helpers.data import batches
from helpers.models.mlp import MLP


@pytest.fixture
def task():
    """A model, and 300 examples of four classes that it can learn."""
    torch.manual_seed(0)
    y = torch.randint(4, (300,))
    x = torch.randn(300, 6) + 2 * F.one_hot(y, 6)
    return MLP((6, 20, 4)), x, y


@pytest.fixture
def leaves_no_trace(task):
    """The model's weights, mode and gradients, and torch's random state, are as before."""
    model, _, _ = task
    model.eval()
    before, random = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    yield
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())
    assert not model.training and all(p.grad is None for p in model.parameters())
    assert all(not module._forward_hooks for module in model.modules())
    assert torch.equal(torch.get_rng_state(), random)


# ---------------------------------------------------------------- before the first step


def test_loss_at_initialisation(task, leaves_no_trace):
    model, x, y = task
    loss, ln_c = diagnostics.loss_at_initialisation(model, x, y)
    assert loss == pytest.approx(F.cross_entropy(model(x), y).item(), abs=1e-6)
    assert ln_c == math.log(4)


def test_loss_at_initialisation_is_that_of_training_mode():
    torch.manual_seed(0)
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, 2)).eval()
    x, y = 100 + torch.randn(50, 3), torch.randint(2, (50,))
    loss, _ = diagnostics.loss_at_initialisation(model, x, y)
    normalised = (x - x.mean(0)) / (x.var(0, correction=0) + 1e-5).sqrt()
    assert loss == pytest.approx(F.cross_entropy(model[1](normalised), y).item(), abs=1e-4)
    assert model[0].num_batches_tracked == 0


def test_overfit_one_batch_tells_sound_from_faulty(task, leaves_no_trace):
    model, x, y = task
    losses = diagnostics.overfit_one_batch(model, x[:32], y[:32], lr=0.02)
    assert len(losses) == 200 and losses[-1] < 0.02
    assert losses[0] == pytest.approx(F.cross_entropy(model(x[:32]), y[:32]).item(), abs=1e-6)
    twice = diagnostics.overfit_one_batch(
        nn.Sequential(model, nn.Softmax(1)), x[:32], y[:32], lr=0.02
    )
    assert twice[-1] > math.log(math.e + 3) - 1 - 1e-6  # the floor of a second softmax


def test_range_test_raises_the_rate_by_a_constant_factor_while_all_goes_well():
    torch.manual_seed(0)
    y = torch.randint(2, (256,))
    x = 2.0 * y[:, None] - 1 + 0.1 * torch.randn(256, 1)  # linearly separable: no rate is ruin
    slow = diagnostics.learning_rate_range_test(nn.Linear(1, 2), x, y, highest=1.0)
    assert slow.losses[-1] < slow.losses[0] and len(slow.rates) == 150
    assert slow.rates[0] == pytest.approx(1e-4) and slow.rates[-1] == pytest.approx(1.0)
    ratios = torch.tensor(slow.rates[1:]) / torch.tensor(slow.rates[:-1])
    assert torch.allclose(ratios, ratios[0].expand_as(ratios), rtol=1e-4)


def test_range_test_first_loss_and_smoothing_are_as_by_hand(task):
    model, x, y = task
    found = diagnostics.learning_rate_range_test(model, x, y)
    by_32 = batches(x, y, 32, generator=torch.Generator().manual_seed(0))
    net, average, expected = copy.deepcopy(model), 0.0, []
    optimizer = torch.optim.SGD(net.parameters(), 1e-4, momentum=0.9)
    for step, (xb, yb) in zip(range(3), by_32, strict=False):
        optimizer.param_groups[0]["lr"] = 1e-4 * 1e5 ** (step / 149)
        loss = F.cross_entropy(net(xb), yb)
        average = 0.9 * average + 0.1 * loss.item()
        expected.append(average / (1 - 0.9 ** (step + 1)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert found.losses[:3] == pytest.approx(expected, rel=1e-4)


def test_range_test_stops_when_the_loss_runs_away(task, leaves_no_trace):
    model, x, y = task
    result = diagnostics.learning_rate_range_test(model, x, y, highest=1e4)
    assert result.rates[-1] < 1e4
    lowest = result.rates[result.losses.index(min(result.losses))]
    assert result.suggestion == pytest.approx(lowest / 4)
    adam = diagnostics.learning_rate_range_test(model, x, y, optimiser=torch.optim.Adam)
    assert adam.losses != result.losses


def test_range_test_refuses(task):
    model, x, y = task
    for lowest, highest in ((0, 1), (1, 0.1)):
        with pytest.raises(ValueError, match="rates must rise"):
            diagnostics.learning_rate_range_test(model, x, y, lowest=lowest, highest=highest)
    with pytest.raises(ValueError, match="not finite at the lowest rate"):
        diagnostics.learning_rate_range_test(model, x * 1e38, y)


# ---------------------------------------------------------------- while it runs


def test_update_ratios_equal_a_known_change(task):
    model, _, _ = task
    before = diagnostics.weights(model)
    assert set(before) == {"1.weight", "3.weight"}
    with torch.no_grad():
        model[1].weight.mul_(1.001)
        model[1].bias.add_(1)
    ratios = diagnostics.update_ratios(model, before)
    assert ratios["1.weight"] == pytest.approx(-3, abs=1e-3)
    assert ratios["3.weight"] == -math.inf
    with pytest.raises(ValueError, match="of this model"):
        diagnostics.update_ratios(MLP((6, 20, 20, 4)), before)


def test_layer_statistics_equal_autograd(task, leaves_no_trace):
    model, x, y = task
    layers = diagnostics.layer_statistics(model, x, y)
    assert list(layers) == ["2"]
    a = F.relu(model[1](x)).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(F.cross_entropy(model[3](a), y), a)
    assert torch.allclose(layers["2"].activation, a) and a.shape == (300, 20)
    assert torch.allclose(layers["2"].gradient, gradient, atol=1e-7)
    assert not layers["2"].activation.requires_grad
    both = diagnostics.layer_statistics(model, x, y, kinds=(nn.Linear,))
    assert list(both) == ["1", "3"]


def test_layer_statistics_works_with_frozen_weights(task):
    model, x, y = task
    expected = diagnostics.layer_statistics(model, x, y)["2"]
    model[1].requires_grad_(False)
    found = diagnostics.layer_statistics(model, x, y)["2"]
    assert torch.equal(found.gradient, expected.gradient)


def test_dead_units_counts_those_killed(task, leaves_no_trace):
    model, x, _ = task
    alive = diagnostics.dead_units(model, x)["2"]
    killed = copy.deepcopy(model)
    with torch.no_grad():
        killed[1].bias[:5] = -1e6
    assert diagnostics.dead_units(killed, x)["2"] == pytest.approx(alive + 5 / 20)


def test_dead_units_of_maps_are_dead_everywhere():
    model = nn.Sequential(nn.Conv2d(1, 3, 1), nn.ReLU())
    with torch.no_grad():
        model[0].weight.fill_(1)
        model[0].bias.copy_(torch.tensor([0.0, -1.5, -10.0]))
    x = torch.zeros(4, 1, 5, 5)
    x[2, 0, 3, 3] = 2.0  # one place of one image wakes the first and the second
    assert diagnostics.dead_units(model, x) == {"1": pytest.approx(1 / 3)}


def test_instruments_say_what_is_wrong_with_their_input(task):
    model, x, y = task
    with pytest.raises(ValueError, match="300 inputs and 299 labels"):
        diagnostics.loss_at_initialisation(model, x, y[:-1])
    with pytest.raises(ValueError, match="0 inputs"):
        diagnostics.overfit_one_batch(model, x[:0], y[:0])
    with pytest.raises(TypeError, match="data.normalise"):
        diagnostics.layer_statistics(model, x.to(torch.uint8), y)
    with pytest.raises(ValueError, match=r"nn.ReLU\(\) can"):
        diagnostics.dead_units(nn.Linear(6, 4), x)
    with pytest.raises(ValueError, match="no layer of the kinds"):
        diagnostics.layer_statistics(nn.Linear(6, 4), x, y)
    with pytest.raises(ValueError, match="0 inputs"):
        diagnostics.dead_units(model, x[:0])


# ---------------------------------------------------------------- their figures


def test_figures_draw_what_the_instruments_give(task):
    model, x, y = task
    figure = plots.range_test(diagnostics.learning_rate_range_test(model, x, y), "Range")
    assert figure.axes[0].get_xscale() == "log" and "learning rate" in figure.axes[0].get_xlabel()
    figure = plots.layer_histograms(diagnostics.layer_statistics(model, x, y), "Layers")
    assert len(figure.axes) == 2 and [t.get_text() for t in figure.axes[0].get_yticklabels()]


def test_reliability_draws_accuracy_in_each_filled_bin():
    confidence = torch.tensor([0.95, 0.95, 0.95, 0.95, 0.55, 1.0])
    correct = torch.tensor([True, True, True, False, False, True])
    figure = plots.reliability(confidence, correct, "Reliability")
    measured = figure.axes[0].get_lines()[1]
    assert measured.get_ydata().tolist() == pytest.approx([0.0, 0.8])
    assert measured.get_xdata().tolist() == pytest.approx([0.55, 4.8 / 5])
