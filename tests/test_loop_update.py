"""One update of the loop: what counts how much, what is clipped, moved and recorded."""

import pytest
import torch
import torch.nn.functional as F
from test_loop import pairs
from tiny import (
    fit,
    linear,
    one_thread,  # noqa: F401 - a fixture
    tiny_set,
)

from helpers.training import Loss, Shuffled, TrainingError, train
from helpers.training.plan import Average

# ---------------------------------------------------------------- one update


def one_number(source, start=0.0, **settings):
    """A net of one weight w whose loss is -w times the batch: where it ends, and its history."""
    net = torch.nn.Linear(1, 1, bias=False).double()
    torch.nn.init.constant_(net.weight, start)

    def step(batch):
        (value,) = batch
        yield Loss((value * net.weight).mean())

    usual = {"device": "cpu", "progress": False, "lr": 1.0, "optimiser": torch.optim.SGD}
    history = train(step, source, net, **(usual | settings))
    return net.weight.item(), history


def test_the_last_short_window_has_its_own_mean():
    """Five examples in windows of two, every gradient -1: three updates of 1, not 2.5 or 2."""
    source = Shuffled(-torch.ones(5, dtype=torch.float64), batch_size=2)
    assert source.updates == 3 and one_number(source, accumulate=2)[0] == 3.0


@pytest.mark.parametrize("accumulate", [1, 2])
def test_tokens_count_alike_in_whichever_piece_they_are(accumulate):
    """Two tokens of loss 1 and six of loss 3: 2.5, not the mean of means 2.0; the slope too."""
    net = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.ones_(net.weight)
    lengths, scale = torch.tensor([2, 6]), torch.tensor([1.0, 3.0])

    def step(batch):
        n, each = batch
        yield Loss((n * each).sum() * net.weight.squeeze() / n.sum(), count=n.sum())

    history = train(
        step,
        Shuffled(lengths, scale, batch_size=2),
        net,
        accumulate=accumulate,
        optimiser=torch.optim.SGD,
        lr=1.0,
        device="cpu",
    )
    assert history.loss == [pytest.approx(2.5)]
    assert net.weight.item() == pytest.approx(1 - 2.5)


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_clipping_sees_the_true_gradient(precision):
    """Gradient (3, 4), largest norm 1: a step of length 1, whatever the loss is scaled with."""
    net = torch.nn.Linear(2, 1, bias=False)
    before = net.weight.detach().clone()

    def step(batch):
        yield (net.weight.float() * torch.tensor([3.0, 4.0])).sum()

    source = Shuffled(torch.ones(1), batch_size=1)
    settings = {"clip": 1.0, "lr": 1.0, "optimiser": torch.optim.SGD, "precision": precision}
    train(step, source, net, device="cpu", progress=False, **settings)
    torch.testing.assert_close(before - net.weight, torch.tensor([[0.6, 0.8]]), rtol=1e-5, atol=0)


def test_each_run_side_by_side_is_clipped_by_its_own_norm():
    weight = torch.nn.Parameter(torch.zeros(2, 1, 3))
    net = torch.nn.ParameterList([weight])
    slopes = torch.tensor([[0.0, 3.0, 4.0], [0.1, 0.0, 0.0]])  # norms 5 and 0.1

    def step(batch):
        yield (weight[:, 0] * slopes).sum(1)

    settings = {"clip": 1.0, "lr": 1.0, "optimiser": torch.optim.SGD}
    train(step, Shuffled(torch.ones(1), batch_size=1), net, device="cpu", **settings)
    expected = torch.tensor([[0.0, -0.6, -0.8], [-0.1, 0.0, 0.0]])
    torch.testing.assert_close(weight[:, 0].detach(), expected, rtol=1e-5, atol=1e-7)


def test_rates_and_averages_move_once_per_update_however_many_pieces():
    x = -torch.ones(8, dtype=torch.float64)
    settings = {"schedule": "linear", "warm_up": 0.25, "ema": 0.5, "epochs": 3}
    found = [one_number(Shuffled(x, batch_size=4), accumulate=k, **settings) for k in (1, 2, 4)]
    assert found[0][0] == pytest.approx(found[1][0]) == pytest.approx(found[2][0])
    assert found[0][1].learning_rate == found[2][1].learning_rate
    average = Average([p := torch.nn.Parameter(torch.zeros(1))], 0.9)
    average.updates = 1000  # long after the beginning
    p.data.fill_(1.0)
    average.update()
    assert average.weights[0].item() == pytest.approx(0.1)


def test_a_gradient_left_over_from_before_does_not_count():
    data, clean, used = tiny_set(), linear(), linear()
    F.cross_entropy(used(data.normalise(data.train_x)), data.train_y).backward()
    histories = [fit(net, data, epochs=1) for net in (clean, used)]
    assert histories[0].train_loss == histories[1].train_loss


def test_what_is_recorded_by_default_and_what_patience_needs():
    history, _ = pairs()
    assert list(history.series) == ["loss", "learning_rate", "seconds"] and len(history) == 4
    with pytest.raises(TrainingError, match='need a "val_loss"'):
        pairs(patience=2)
    with pytest.raises(AttributeError, match="no 'tets_loss'; it has: loss"):
        _ = history.tets_loss
    with pytest.raises(TypeError, match="unknown setting clipp; there are: schedule, warm_up"):
        pairs(clipp=1.0)
