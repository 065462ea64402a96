"""The loop of helpers.training against plain loops of ten lines: equal to the last digit.

Each reference is what a tutorial would write, in float32 on one thread, with the arithmetic in
the same order; it is run here, so that the equality holds on every processor.
"""

import math

import pytest
import torch
import torch.nn.functional as F
from test_training import busy_net, fit, one_thread, tiny_set  # noqa: F401 - a fixture

from helpers.models import gan, rnn
from helpers.training import fit_gan

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
