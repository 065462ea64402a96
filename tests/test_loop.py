"""The loop of helpers.training against plain loops of ten lines: equal to the last digit.

Each reference is what a tutorial would write, in float32 on one thread, with the arithmetic in
the same order; it is run here, so that the equality holds on every processor.
"""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from tiny import (
    busy_net,
    fit,
    one_thread,  # noqa: F401 - a fixture
    tiny_set,
)

from helpers.models import gan, rnn
from helpers.models.mlp import MLP, SideBySide, losses_each
from helpers.training import Loop, Shuffled, TrainingError, fit_gan, train

# ---------------------------------------------------------------- what each kind computes


def classifier_by_hand(epochs, batch_size, lr, seed, clip):
    data, model = tiny_set(), busy_net()
    x, y = data.normalise(data.train_x), data.train_y
    optimiser = torch.optim.SGD(model.parameters(), lr, momentum=0.9)
    order, losses, step = torch.Generator().manual_seed(seed), [], 0
    steps = epochs * math.ceil(len(x) / batch_size)
    for _ in range(epochs):
        model.train()
        total = torch.zeros(())
        for rows in torch.randperm(len(x), generator=order).split(batch_size):
            optimiser.param_groups[0]["lr"] = lr * (0.5 * (1 + math.cos(math.pi * (step / steps))))
            loss = F.cross_entropy(model(x[rows]), y[rows])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimiser.step()
            total += loss.detach() * len(rows)
            step += 1
        losses.append(total.item() / len(x))
    return losses, model


def test_a_classifier_equals_a_plain_loop():
    settings = dict(epochs=3, batch_size=16, lr=0.1, seed=5, clip=0.5)
    losses, by_hand = classifier_by_hand(**settings)
    model = busy_net()
    history = fit(model, tiny_set(), optimiser="sgd", schedule="cosine", **settings)
    assert history.train_loss == losses
    assert all(map(torch.equal, model.state_dict().values(), by_hand.state_dict().values()))


def gan_by_hand(g, d, x, steps, critic_steps, penalty, lr):
    rng, seen = torch.Generator().manual_seed(3), []
    adam_d, adam_g = (torch.optim.Adam(net.parameters(), lr, (0.5, 0.999)) for net in (d, g))
    loss_d, loss_g = gan.LOSSES["wasserstein" if penalty else "non_saturating"]
    for step in range(steps):
        for adam in (adam_d, adam_g):
            adam.param_groups[0]["lr"] = lr * min(1.0, 2 * (1 - step / steps))
        for _ in range(critic_steps):
            real = x[torch.randint(len(x), (2, 16), generator=rng)]
            fake = g(torch.randn(2, 16, 16, generator=rng)).detach()
            loss = loss_d(d(real), d(fake))
            if penalty:
                share = torch.rand(2, 16, generator=rng)
                loss = loss + penalty * gan.gradient_penalty(d, real, fake, share)
            adam_d.zero_grad()
            loss.sum().backward()
            adam_d.step()
        fooled = loss_g(d(g(torch.randn(2, 16, 16, generator=rng))))
        adam_g.zero_grad()
        fooled.sum().backward()
        adam_g.step()
        seen.append((loss.detach(), fooled.detach()))
    return seen


def points_pair():
    torch.manual_seed(5)
    return gan.PointGenerator(2, width=16), gan.PointDiscriminator(2, 16)


@pytest.mark.parametrize(("critic_steps", "penalty"), [(1, 0.0), (3, 10.0)])
def test_two_adversaries_equal_a_plain_loop(critic_steps, penalty):
    x = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
    expected = gan_by_hand(*points_pair(), x, 6, critic_steps, penalty, 1e-3)
    settings = dict(steps=6, batch_size=16, lr=1e-3, seed=3, critic_steps=critic_steps)
    settings |= dict(penalty=penalty, loss="wasserstein" if penalty else "non_saturating")
    g, d = points_pair()
    history = fit_gan(g, d, x, every=1, device="cpu", progress=False, **settings)
    for found, losses in ((history.discriminator_loss, 0), (history.generator_loss, 1)):
        assert all(map(torch.equal, found, [step[losses] for step in expected]))


def language_by_hand(model, tokens, steps, batch_size, length, lr, clip):
    adam, state, losses, norms = torch.optim.Adam(model.parameters(), lr), None, [], []
    batches = iter(())
    for step in range(1, steps + 1):
        batch = next(batches, None)
        if batch is None:
            batches, state = rnn.streams(tokens, batch_size, length), None
            batch = next(batches)
        x, y = batch
        rate = lr * min(1, step / 50) * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))
        adam.param_groups[0]["lr"] = rate
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        state = rnn.detach(state)
        adam.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), clip).item())
        adam.step()
        losses.append(loss.item() / math.log(2))
    return losses, norms


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_language_model_equals_a_plain_loop_also_when_the_text_begins_again(cell):
    def model():
        torch.manual_seed(2)
        return rnn.LanguageModel(5, 8, 4, cell)

    tokens = torch.randint(5, (200,), generator=torch.Generator().manual_seed(1))
    settings = dict(steps=20, batch_size=4, length=9, lr=0.05, clip=0.1)
    losses, norms = language_by_hand(model(), tokens, **settings)
    history = rnn.train_language_model(model(), tokens, **settings)
    assert history.loss == losses and history.gradient_norm == norms


def perceptrons(dropout=0.3):
    return SideBySide([MLP((36, 8, 3), dropout=dropout) for _ in range(3)])


def test_runs_side_by_side_equal_a_plain_loop():
    """Three seeds at once: each moves by its own loss, as if alone."""
    data = tiny_set()
    x, y = data.normalise(data.train_x), data.train_y
    torch.manual_seed(4)
    net = perceptrons()
    adam, order, losses = torch.optim.AdamW(net.parameters(), 0.01), None, []
    order = torch.Generator().manual_seed(9)
    adam.param_groups[0]["weight_decay"] = 0.0
    for _ in range(2):
        total = torch.zeros(3)
        for rows in torch.randperm(50, generator=order).split(20):
            each = losses_each(net(x[rows].expand(3, len(rows), 1, 6, 6)), y[rows])
            adam.zero_grad()
            each.sum().backward()
            adam.step()
            total += each.detach() * len(rows)
        losses.append(total / 50)
    torch.manual_seed(4)
    history, _ = side_by_side(dropout=0.3, lr=0.01, epochs=2, batch_size=20, seed=9)
    assert all(map(torch.equal, history.loss, losses))


# ---------------------------------------------------------------- every kind, one table


def classifier(dropout=0.3, **settings):
    model = busy_net()
    model[3] = torch.nn.Dropout(dropout)
    return fit(model, tiny_set(), **({"epochs": 4, "batch_size": 16} | settings)), [model]


def adversaries(dropout=0.3, **settings):
    """Images, with batch normalisation in the generator and dropout in the discriminator."""
    torch.manual_seed(6)
    x = torch.rand(40, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    g, d = gan.DCGANGenerator((1, 8, 8), 4, 4, 1), gan.DCGANDiscriminator((1, 8, 8), 4, 1)
    d.layers.append(torch.nn.Dropout(dropout))
    usual = {"steps": 12, "every": 3, "batch_size": 10, "critic_steps": 2, "lr": 1e-3}
    quiet = {"device": "cpu", "progress": False}
    return fit_gan(g, d, x, **(usual | quiet | settings)), [g, d]


def language(dropout=0.3, **settings):
    torch.manual_seed(2)
    model = rnn.LanguageModel(5, 8, 4, "lstm")
    model.readout = torch.nn.Sequential(torch.nn.Dropout(dropout), model.readout)
    model.readout.weight = model.readout[1].weight
    tokens = torch.randint(5, (200,), generator=torch.Generator().manual_seed(1))
    usual = {"steps": 12, "watch_every": 3, "batch_size": 5, "length": 9}
    return rnn.train_language_model(model, tokens, **(usual | settings)), [model]


def side_by_side(dropout=0.3, epochs=4, batch_size=16, **settings):
    data, net = tiny_set(), perceptrons(dropout)

    def step(batch):
        x, y = batch
        yield losses_each(net(x.expand(3, *x.shape)), y)

    source = Shuffled(data.normalise(data.train_x), data.train_y, batch_size=batch_size)
    quiet = {"device": "cpu", "progress": False, "epochs": epochs}
    return train(step, source, net, **(quiet | settings)), [net]


def pairs(dropout=0.3, **settings):
    """A new kind, which the loop knows nothing of: views of one image must find each other."""
    torch.manual_seed(7)
    x = tiny_set().normalise(tiny_set().train_x)
    net = MLP((36, 8, 5), dropout=dropout)

    def step(batch):
        (x,) = batch
        a, b = net(x), net(x.flip(3))  # (B, 5)
        yield F.cross_entropy(a @ b.T, torch.arange(len(x)))

    quiet = {"device": "cpu", "progress": False, "epochs": 4, "lr": 0.01}
    return train(step, Shuffled(x, batch_size=16), net, **(quiet | settings)), [net]


KINDS = {
    "classifier": classifier,
    "adversaries": adversaries,
    "language model": language,
    "side by side": side_by_side,
    "pairs": pairs,
}


def everything(history, nets):
    """All numbers of a run but the seconds, as one flat tensor in float64."""
    lists = {**history.series, **history.updates}
    lists = [v for k, v in sorted(lists.items()) if k != "seconds"]
    found = [torch.as_tensor(one).double().flatten() for values in lists for one in values]
    return torch.cat(found + [t.double().flatten() for n in nets for t in n.state_dict().values()])


def stopped_at(monkeypatch, update):
    """The loop fails before that update, as a killed process would."""
    whole = Loop.update

    def until(loop):
        if loop.done == update:
            raise Stop
        whole(loop)

    monkeypatch.setattr(Loop, "update", until)


class Stop(Exception):
    pass


@pytest.mark.parametrize("update", [1, 4, 11])
@pytest.mark.parametrize("kind", KINDS)
def test_resume_after_a_stop_at_any_update_is_exact(kind, update, tmp_path, monkeypatch):
    settings = {"ema": 0.8, "accumulate": 2, "lr": np.float64(0.01)}
    torch.manual_seed(1)
    whole = everything(*KINDS[kind](**settings))
    path = tmp_path / "run.pt"
    with monkeypatch.context() as patch:
        stopped_at(patch, update)
        torch.manual_seed(1)
        with pytest.raises(Stop):
            KINDS[kind](checkpoint=path, **settings)
    assert path.exists() == (update >= 3)
    if path.exists():
        torch.manual_seed(99)
    else:
        torch.manual_seed(1)
    assert torch.equal(everything(*KINDS[kind](checkpoint=path, **settings)), whole)


@pytest.mark.parametrize("kind", ["adversaries", "language model", "pairs"])
def test_a_run_that_cannot_go_on_says_so_and_keeps_what_it_had(kind):
    with pytest.raises(TrainingError, match=r"became .*nan.* in .*has the weights") as caught:
        KINDS[kind](lr=math.inf)
    assert isinstance(caught.value.history.stopped, str)
