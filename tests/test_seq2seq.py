"""helpers.models.seq2seq: laws of encoder and decoder, learning pairs, writing by three ways."""

import itertools
import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers.models import seq2seq
from helpers.models.transformer import Transformer

B, S, T, START = 3, 7, 5, 11


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def make(kind):
    if kind == "transformer":
        return Transformer(9, 12, d_model=8, heads=2, layers=1, dropout=0)
    return seq2seq.Seq2Seq(9, 12, attention=kind, hidden_size=8, embedding=4)


def pairs():
    source, target = torch.randint(1, 9, (B, S)), torch.randint(1, 11, (B, T))
    source[0, 4:], target[1, 3:] = 0, 0
    return source, target


@pytest.mark.parametrize("kind", seq2seq.KINDS)
def test_padding_and_company_change_nothing_and_the_future_nothing_before(kind):
    net = make(kind).double()
    source, target = pairs()
    logits = net(source, target)
    assert logits.shape == (B, T, 12)
    torch.testing.assert_close(net(F.pad(source, (0, 3)), target), logits)
    torch.testing.assert_close(net(source[:1, :4], target[:1]), logits[:1])
    later = target.clone()
    later[:, 3:] = 1 + later[:, 3:] % 10
    torch.testing.assert_close(net(source, later)[:, :3], logits[:, :3])


def test_none_sees_the_last_state_alone_and_the_others_all():
    source, target = pairs()
    for kind in seq2seq.KINDS:
        net = make(kind)
        states, mask, last = net.encode(source)
        moved = net.decode(target, (states + mask.mT, mask, last))
        same = torch.equal(moved, net.decode(target, (states, mask, last)))
        assert same == (kind == "none")


def test_watched_weights_are_a_mean_over_the_source():
    source, target = pairs()
    for kind in ("additive", "dot"):
        net = make(kind)
        net(source, target)
        assert net.weights is None
        net.watch = True
        net(source, target)
        assert net.weights.shape == (B, T, S)
        assert (net.weights[0, :, 4:] == 0).all()
        torch.testing.assert_close(net.weights.sum(-1), torch.ones(B, T))


def test_before_is_the_target_one_place_later():
    target = torch.tensor([[3, 4, 5], [6, 7, 0]])
    assert seq2seq.before(target, 11).tolist() == [[11, 3, 4], [11, 6, 7]]


def test_the_loss_is_the_mean_over_tokens_without_padding():
    """One step of SGD moves the weights by the gradient of that mean."""
    source, target = pairs()
    net, same = make("dot"), make("dot")
    same.load_state_dict(net.state_dict())
    sgd = {"optimiser": lambda p, lr: torch.optim.SGD(p, lr), "clip": None, "schedule": "constant"}
    settings = {"batch_size": B, "lr": 0.1, "device": "cpu", "progress": False, **sgd}
    run = seq2seq.fit_pairs(net, source, target, start=START, **settings)
    log_p = same(source, seq2seq.before(target, START)).log_softmax(-1)
    tokens = [
        -log_p[b, t, target[b, t]]
        for b, t in itertools.product(range(B), range(T))
        if target[b, t] != 0
    ]
    mean = torch.stack(tokens).mean()
    mean.backward()
    assert run.loss[-1] == pytest.approx(mean.item(), rel=1e-5)
    for p, q in zip(net.parameters(), same.parameters(), strict=True):
        torch.testing.assert_close(p, q - 0.1 * (0 if q.grad is None else q.grad))


@pytest.mark.parametrize("kind", ["additive", "transformer"])
def test_copying_is_learnt_and_one_pass_tells_what_greedy_writes(kind):
    source = torch.randint(1, 9, (60, 3))
    target = F.pad(source, (0, 1), value=START)
    net = make(kind)
    settings = {"batch_size": 20, "lr": 0.02, "device": "cpu", "progress": False, "epochs": 25}
    run = seq2seq.fit_pairs(net, source, target, start=START, **settings)
    assert run.loss[-1] < 0.7 * run.loss[0]
    found = seq2seq.exact(net, source, target, START)
    written = seq2seq.greedy(net, source, START, START, longest=4)
    assert torch.equal(found, (F.pad(written, (0, 4 - written.shape[1])) == target).all(1))
    assert found.any() and not net.training


def test_greedy_stops_at_the_end_and_at_the_longest():
    class Fixed(nn.Module):
        """Writes the source's own token until there are as many, then 5, the end."""

        def encode(self, source):
            return source

        def decode(self, target, source):
            place = target.shape[1]
            token = torch.where(source[:, 0] < place, 5, source[:, 0])
            return F.one_hot(token, 6).float()[:, None].expand(-1, place, -1)

    source = torch.tensor([[1], [3]])
    assert seq2seq.greedy(Fixed(), source, 0, 5, longest=9).tolist() == [[1, 5, 0, 0], [3, 3, 3, 5]]
    assert seq2seq.greedy(Fixed(), source, 0, 5, longest=2).tolist() == [[1, 5], [3, 3]]


# ---------------------------------------------------------------- beams


def chain(seed, symbols=4):
    """Log-probabilities that depend on the whole beginning, the same each time."""

    def log_p(beginnings):
        rows = []
        for tokens in beginnings.tolist():
            number = seed
            for token in tokens:
                number = number * 7 + token + 1
            g = torch.Generator().manual_seed(number)
            rows.append(torch.randn(symbols, generator=g, dtype=torch.float64).mul(2))
        return torch.stack(rows).log_softmax(-1)

    return log_p


def everything(log_p, start, end, longest, symbols=4):
    """Every text that ends, with its sum of log-probabilities."""
    inner = [s for s in range(symbols) if s != end]
    for length in range(longest):
        for body in itertools.product(inner, repeat=length):
            text = (*body, end)
            steps = [
                log_p(torch.tensor([[start, *text[:k]]]))[0, text[k]].item()
                for k in range(len(text))
            ]
            yield list(text), math.fsum(steps)


@pytest.mark.parametrize("alpha", [0.0, 0.7, 1.0])
def test_a_beam_as_wide_as_everything_is_brute_force(alpha):
    for seed in range(5):
        log_p = chain(seed)
        texts = list(everything(log_p, 0, 3, longest=4))
        found = seq2seq.beam_search(log_p, 0, 3, width=200, longest=4, alpha=alpha)
        expected = sorted(
            ((text, total, total / len(text) ** alpha) for text, total in texts),
            key=lambda r: -r[2],
        )
        assert [r[0] for r in found] == [r[0] for r in expected]
        for a, b in zip(found, expected, strict=True):
            assert a[1:] == pytest.approx(b[1:])


def test_a_beam_of_one_is_greedy_and_scores_are_those_of_a_fresh_pass():
    for seed in range(10):
        log_p, text = chain(seed), [0]
        while len(text) <= 6 and text[-1] != 3:
            text.append(int(log_p(torch.tensor([text]))[0].argmax()))
        found = seq2seq.beam_search(log_p, 0, 3, width=1, longest=6, alpha=0)
        assert found == [] if text[-1] != 3 else found[0][0] == text[1:]
        for tokens, total, _ in seq2seq.beam_search(log_p, 0, 3, width=3, longest=6, alpha=1):
            steps = [
                log_p(torch.tensor([[0, *tokens[:k]]]))[0, t].item() for k, t in enumerate(tokens)
            ]
            assert total == pytest.approx(math.fsum(steps))


def test_the_first_step_does_not_expand_one_beginning_twice():
    log_p = chain(1)
    found = seq2seq.beam_search(log_p, 0, 3, width=3, longest=3, alpha=0)
    texts = [tuple(tokens) for tokens, _, _ in found]
    assert len(texts) == len(set(texts))


def test_length_decides_with_alpha():
    """p(end) 0.3 at once, or 0.7 * 0.9 * 0.45 for a long one: shorter wins by sum, longer by mean."""

    def log_p(beginnings):
        table = {1: [0.7, 0.3], 2: [0.9, 0.1], 3: [0.55, 0.45]}
        return torch.tensor([table[len(tokens)] for tokens in beginnings.tolist()]).log()

    best = {
        alpha: seq2seq.beam_search(log_p, 0, 1, width=4, longest=3, alpha=alpha)[0][0]
        for alpha in (0, 1)
    }
    assert best == {0: [1], 1: [0, 0, 1]}


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: seq2seq.Seq2Seq(9, 12, attention="luong"), "attention must be one of"),
        (lambda: make("dot").encode(torch.zeros(2, 3, dtype=torch.long)), "at least one token"),
        (lambda: seq2seq.beam_search(chain(0), 0, 3, width=0, longest=3, alpha=0), "at least 1"),
    ],
)
def test_refuses(call, match):
    with pytest.raises(ValueError, match=match):
        call()
