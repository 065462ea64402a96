"""checks/rnn, gan, clinic: what the graders once judged wrongly, or told wrongly."""

import copy
import re

import pytest
import torch
import torch.nn.functional as F
from told import message

from checks import clinic, gan, rnn


def states(x, h0, W_ih, W_hh, b_ih, b_hh, cut=False):
    found, h = [], h0
    for x_t in x.unbind(1):
        h = torch.tanh(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh)
        found.append(h)
        h = h.detach() if cut else h
    return torch.stack(found, 1)


def test_a_state_cut_off_between_steps_is_called_so():
    rnn.check_rnn(states, B=2, T=3, D=2, H=3)
    text = message(rnn.check_rnn, lambda *a: states(*a, cut=True), B=2, T=3, D=2, H=3)
    assert "Likely:   each state is cut off from the one before it" in text


def drawn(logits, temperature=1.0, top_k=None, fill=-torch.inf):
    k, T = (top_k or logits.shape[1], temperature) if temperature else (1, 1.0)
    least = logits.topk(min(k, logits.shape[1]), 1).values[:, -1:]
    p = torch.softmax(logits.masked_fill(logits < least, fill) / T, 1)
    return p, -torch.special.xlogy(p, p).sum(1) / torch.log(torch.tensor(2.0))


@pytest.mark.parametrize(("fill", "shift"), [(-100.0, -9e3), (-1000.0, -9e3), (-1e4, -9990.0)])
def test_a_number_filled_in_for_what_is_thrown_away_is_found(fill, shift):
    sizes = {"B": 3, "V": 6, "temperature": 4.0, "top_k": 3, "shift": shift}
    rnn.check_drawing(drawn, **sizes)
    text = message(rnn.check_drawing, lambda *a: drawn(*a, fill=fill), **sizes)
    assert "Likely:   a number filled in is not below every logit" in text


def test_a_text_that_is_too_short_is_named():
    def cut(tokens, B, T):
        M = (len(tokens) - 1) // B
        if M < 1:
            raise ValueError("too short")
        x, y = (t.long().view(B, M) for t in (tokens[: B * M], tokens[1 : B * M + 1]))
        return [*zip(x.split(T, 1), y.split(T, 1), strict=True)]

    rnn.check_streams(cut, "abcdefgh", B=2, T=2)
    text = message(rnn.check_streams, cut, "a", B=1, T=4)
    assert "Likely:   a text with too few characters gives an empty list" in text


def test_a_target_is_found_by_its_place():
    def cut(tokens, B, T, by_character=False):
        text = tokens.tolist()
        M, after = (len(text) - 1) // B, dict(zip(text, text[1:]))  # noqa: B905
        x, y = (tokens[k : k + B * M].long().view(B, M) for k in (0, 1))
        y = x.clone().apply_(after.get) if by_character else y
        return [*zip(x.split(T, 1), y.split(T, 1), strict=True)]

    rnn.check_streams(cut, "abab baab", B=2, T=3)
    told = message(rnn.check_streams, lambda *a: cut(*a, True), "abab baab", B=2, T=3)
    assert "Likely:   a target is found by its place" in told


def test_infinity_in_the_padding_is_not_multiplied_by_0():
    def summaries(h, lengths, fill=0.0):
        own = (torch.arange(h.shape[1]) < lengths[:, None])[..., None]
        clean = h.masked_fill(~own, 0.0) if fill == 0 else h.nan_to_num(0.0, torch.inf) * own
        return h[torch.arange(len(h)), lengths - 1], clean.sum(1) / lengths[:, None]

    sizes = {"lengths": [3, 1], "T": 4, "H": 2, "padding": "infinity"}
    rnn.check_padding(summaries, **sizes)
    told = message(rnn.check_padding, lambda *a: summaries(*a, fill=1.0), **sizes)
    assert "0 * infinity is nan" in told


def test_what_is_frozen_in_g_stays_frozen():
    def step(g, d, optimiser, real, z, thaw=False):
        flags = [p.requires_grad for p in g.parameters()]
        g.requires_grad_(False)
        loss = F.softplus(-d(real)).mean() + F.softplus(d(g(z))).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        for p, flag in zip(g.parameters(), flags, strict=True):
            p.requires_grad_(flag or thaw)
        return loss.item()

    gan.check_d_step(step, "SGD", 0.5, B=3, M=2, seed=0)
    told = message(gan.check_d_step, lambda *a: step(*a, True), "SGD", 0.5, B=3, M=2, seed=0)
    assert "requires_grad of argument 1, 0.weight as it was" in told


def test_shares_in_float32_do_for_a_step_and_not_for_a_count():
    """A mean by shares in float32 is right to six decimals; a count is compared as it is."""

    def step(critic, optimiser, real, fake, c):
        share = torch.cat([torch.full((len(r),), s / len(r)) for r, s in ((real, 1), (fake, -1))])
        up = (share.double() * critic(torch.cat([real, fake]))).sum()
        optimiser.zero_grad()
        (-up).backward()
        optimiser.step()
        for p in critic.parameters():
            p.data.clamp_(-c, c)
        return up.item()

    def coverage(samples, centres, weights, sigma, single=False):
        d, k = (samples[:, None] - centres).square().sum(2).sqrt().min(1)
        on = torch.bincount(k[d <= 3 * sigma], minlength=len(centres))
        enough = 10 * on >= weights * len(samples)
        if single:
            enough = on.float() / len(samples) / weights.float() >= 0.1
        return enough.sum().item(), on.sum().item() / len(samples)

    gan.check_clip(step, "SGD", 0.3, B=4, M=7, c=0.2, seed=1, steps=2)
    sizes = {"weights": [0.6, 0.4], "counts": [4, 8], "stray": 38, "seed": 6}
    gan.check_coverage(coverage, **sizes)
    told = message(gan.check_coverage, lambda *a: coverage(*a, single=True), **sizes)
    assert "modes covered" in told


@pytest.mark.parametrize("optimiser", ["RMSprop", "Adam"])
def test_rounding_is_no_step_of_the_critic(optimiser):
    """Negating the difference, or the gradients, and one batch or two, come to the same."""

    def step(critic, optimiser, real, fake, c):
        f = critic(torch.cat([real, fake]))
        gap = f[: len(real)].mean() - f[len(real) :].mean()
        for p, slope in zip(critic.parameters(), torch.autograd.grad(gap, critic.parameters())):  # noqa: B905
            p.grad = -slope
        optimiser.step()
        with torch.no_grad():
            for p in critic.parameters():
                p.clamp_(-c, c)
        return gap.item()

    gan.check_clip(step, optimiser, 0.05, B=5, M=3, c=0.1, seed=2, steps=3)


def counted(text, context, w, V, escape=lambda h: h):
    """Witten and Bell by regular expressions; one more escape is needed for them to be right."""
    below = counted(text, context[1:], w, V, escape) if context else 1 / V
    came = re.findall(f"(?={escape(context)}(.))", text, re.DOTALL)
    different = len(set(came))
    return (came.count(w) + different * below) / (len(came) + different) if came else below


def test_a_context_is_no_regular_expression():
    text = {"text": "a.b+a*b.\nab a.b+a.\nb a.b", "V": 12, "pairs": [(".b", "+"), ("b+", "a")]}
    rnn.check_counting(lambda *a: counted(*a, escape=re.escape), **text)
    told = message(rnn.check_counting, counted, **text)
    assert "Likely:   a context is plain characters, not a regular expression" in told


def test_a_forbidden_character_is_below_negative_logits():
    def likeliest(logits, temperature, top_k):
        first = logits.nan_to_num(neginf=0.0).argmax(1)
        return torch.eye(logits.shape[1]).to(logits)[first], torch.zeros(len(logits)).to(logits)

    sizes = {"B": 3, "V": 6, "temperature": 0.0, "top_k": None, "forbidden": 2}
    rnn.check_drawing(drawn, **sizes, shift=-40.0)
    told = message(rnn.check_drawing, likeliest, **sizes, shift=-40.0)
    assert "Likely:   a forbidden character is below every other" in told


def reported(net, batches, classes, least=None):
    was, x, y = net.training, *map(torch.cat, zip(*batches, strict=True))
    net.eval()
    with torch.no_grad():
        guess = net(x).argmax(1)
    net.train(was)
    named = {"minlength": int(y.max()) + 1 if least else classes}
    support, called = torch.bincount(y, **named), torch.bincount(guess, **named)
    hits, right = torch.bincount(y[y == guess], **named).double(), (y == guess).double()
    shares = {"precision": hits / called.clamp_min(1), "recall": hits / support.clamp_min(1)}
    return {"support": support, "accuracy": right.mean().item()} | shares


def test_a_class_that_occurs_nowhere_has_its_place():
    sizes = {"sizes": (12, 9), "classes": 4, "training": False, "seed": 5, "absent": 1}
    clinic.check_report(reported, **sizes)
    told = message(clinic.check_report, lambda *a: reported(*a, least=True), **sizes)
    assert "Likely:   every class has its place" in told


def test_a_graph_that_is_cut_off_at_once_is_none():
    def classify(net, images, labels, end=torch.Tensor.detach):
        x, judge = images.float(), copy.deepcopy(net).eval()
        x = (x - x.mean((1, 2, 3), keepdim=True)) / x.std((1, 2, 3), correction=0, keepdim=True)
        p = end(judge(x.permute(0, 3, 1, 2)).softmax(1))
        return p, (p.argmax(1) == labels).double().mean().item()

    sizes = {"N": 5, "H": 2, "W": 3, "C": 3, "training": True}
    clinic.check_foreign(classify, **sizes)
    told = message(clinic.check_foreign, lambda *a: classify(*a, end=torch.clone), **sizes)
    assert "probabilities without a graph" in told
