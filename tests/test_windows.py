"""Training a GPT on windows of a stream of tokens, against a loop by hand; its held-out losses."""

import math

import pytest
import torch
import torch.nn.functional as F
from test_gpt import V, assert_close, tiny

from helpers.models.gpt import GPT, generate, losses
from helpers.training import fit_gpt
from helpers.training.windows import Windows

pytestmark = pytest.mark.usefixtures("float64_seeded")


def test_windows_come_from_anywhere_and_y_is_one_ahead():
    windows = Windows(torch.arange(10).to(torch.int16), batch_size=4, length=6)
    order, starts = torch.Generator().manual_seed(0), set()
    for _ in range(60):
        rows = windows.draw(order)
        x, y = windows.batch(rows)
        assert x.shape == y.shape == (4, 6) and x.dtype == torch.int64
        assert (y == x + 1).all() and (x[:, 0] == rows).all()
        starts |= set(rows.tolist())
    assert starts == {0, 1, 2, 3}


def test_training_is_the_plain_loop():
    stream = torch.randint(V, (200,))
    model, plain = tiny(), tiny()
    plain.load_state_dict(model.state_dict())
    history = fit_gpt(model, stream, steps=12, batch_size=3, lr=1e-2, progress=False)
    order = torch.Generator().manual_seed(0)
    optimiser = torch.optim.AdamW(plain.parameters(), weight_decay=0.0)
    for step in range(12):
        starts = torch.randint(len(stream) - 8, (3,), generator=order)
        x = torch.stack([stream[s : s + 8] for s in starts])
        y = torch.stack([stream[s + 1 : s + 9] for s in starts])
        warm = 1.2
        rate = (step + 1) / warm if step < warm else 0
        rate = min(rate, 1) or 0.5 * (1 + math.cos(math.pi * (step - warm) / (12 - warm)))
        optimiser.param_groups[0]["lr"] = 1e-2 * rate
        loss = F.cross_entropy(plain(x).flatten(0, 1), y.flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(plain.parameters(), 1.0)
        optimiser.step()
        assert history.loss[step] == pytest.approx(loss.item(), abs=1e-9)
    for a, b in zip(model.parameters(), plain.parameters(), strict=True):
        assert_close(a, b, atol=1e-8)


def test_it_learns_a_period_and_watch_is_recorded():
    stream, seen = torch.arange(600) % 5, []

    def watch(step, seconds):
        seen.append((step, seconds))
        return {"val_loss": losses(model, stream[:100]).mean().item()}

    torch.manual_seed(0)
    model = GPT(5, context=12, d_model=16, heads=2)
    history = fit_gpt(model, stream, steps=90, lr=2e-2, watch=watch, watch_every=30, progress=False)
    assert [step for step, _ in seen] == [30, 60, 90]
    assert history.loss[0] > 1.5 and history.val_loss[-1] < 0.1
    assert 0 <= seen[0][1] <= seen[-1][1] <= history.cpu_seconds
    assert generate(model, stream[:5], 30, top_k=1).tolist() == stream[5:35].tolist()


@pytest.mark.parametrize("length", [2, 5, 8, 9, 10, 12, 13, 29])
@pytest.mark.parametrize("context", [8, 7])
def test_losses_are_those_of_readings_token_by_token(length, context):
    model, text = tiny(context=context), torch.randint(V, (length,))
    half, want = context // 2, []
    for i in range(1, length):
        start = max(0, (i - 1) // half - 1) * half  # at least half a context before each
        log_p = model(text[None, start:i])[0, -1].log_softmax(-1)
        want.append(-log_p[text[i]])
    got = losses(model.train(), text.to(torch.int16), batch_size=2)
    assert model.training
    assert_close(got, torch.stack(want).detach().float(), atol=1e-5)


def test_a_stream_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="known are only"):
        fit_gpt(tiny(), torch.arange(100), steps=1)
    with pytest.raises(ValueError, match="too few"):
        fit_gpt(tiny(), torch.zeros(8, dtype=torch.int64), steps=1)
