"""Items 9 and 10: bits of a model read at once; counts, against the course's n-gram model."""

from __future__ import annotations

import copy
import math
import re

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import Case, call, item, judge
from checks.compare import fail, number
from checks.given import unforeseen
from checks.values import OneOf
from helpers.models import rnn
from helpers.models.ngram import NGram


class Reader(nn.Module):
    """A language model with dropout that refuses long texts and notes how it was called.

    What its parts hold is not what it computes with: only its calls know that.
    """

    def __init__(self, cell: str, longest: int) -> None:
        super().__init__()
        self.net = rnn.LanguageModel(6, 5, 4, cell).double()
        self.own, drawn = [copy.deepcopy(self.net)], unforeseen()  # in a list: no part of it
        for p in self.own[0].parameters():  # a model with opinions
            p.data += torch.randn(p.shape, generator=drawn, dtype=p.dtype)
        self.dropout, self.longest, self.modes = nn.Dropout(0.5), longest, []
        self.note = self.modes.append  # what a copy calls too, of these same modes

    def forward(self, tokens: Tensor, state=None):
        if tokens.ndim != 2 or tokens.shape[0] != 1 or not 1 <= tokens.shape[1] <= self.longest:
            raise ValueError(
                f"tokens of shape {tuple(tokens.shape)}: this model reads one stream, (1, T), "
                f"of 1 to {self.longest} characters at a time"
            )
        self.note(self.training or self.dropout.training)
        (net,) = self.own
        h, state = net.layer(net.embedding(tokens), state)
        return net.readout(self.dropout(h)), state


def skipping(net: nn.Module, tokens: Tensor, T: int) -> float:
    """The mean in nats where each piece is cut by itself, and begins with the last one's target."""
    each, state = [torch.zeros(0, dtype=torch.float64)], None
    for piece in tokens.split(T):
        if len(piece) > 1:
            logits, state = net(piece[None, :-1], state)
            each.append(F.cross_entropy(logits[0], piece[1:], reduction="none"))
    return torch.cat(each).mean().item()


def bit_mistakes(net: nn.Module, tokens: Tensor, T: int) -> dict[str, float]:
    N, ln2 = len(tokens), math.log(2)
    each = -net(tokens[None])[0][0].log_softmax(-1) / ln2  # (N, V)
    judged, itself = each[:-1].gather(1, tokens[1:, None]), each.gather(1, tokens[:, None])
    want, pieces = judged.mean().item(), [p.mean().item() for p in judged.split(T)]
    blank = torch.cat([net(piece[None])[0][0] for piece in tokens[:-1].split(T)])
    from_0 = net(F.pad(tokens[:-1], (1, 0))[None])[0][0]  # as the course's own measures
    within = (torch.arange(1, N) % T).bool()  # (N - 1,), not the first of a piece of tokens
    return {
        "this is in nats: divide by ln 2": want * ln2,
        "multiplied by ln 2: divide": want * ln2**2,
        "the state is not carried from piece to piece": F.cross_entropy(blank, tokens[1:]).item()
        / ln2,
        "pieces differ in length: sum over characters, then divide once": sum(pieces) / len(pieces),
        "the last, shorter piece is left out": judged[: (N - 1) // T * T].mean().item(),
        "the logits after a character speak of the next one, not of itself": itself.mean().item(),
        "N - 1 characters are judged: the first has nothing before it": want * (N - 1) / N,
        "the first character is not judged: nothing stands before it": (
            F.cross_entropy(from_0, tokens).item() / ln2
        ),
        "the mean over the characters, not the sum": want * (N - 1),
        "the mean over the characters: divide by their number once": want / (N - 1),
        "the first character of each later piece is not judged: cut tokens[1:] for the targets": (
            judged[within].mean().item()
        ),
        "each later piece begins with the last target: cut tokens[:-1] and tokens[1:] alike": (
            skipping(net, tokens, T) / ln2
        ),
        "the sign is turned": -want,
        "cross_entropy takes logits: no softmax before it": (
            F.cross_entropy(0.5 ** each[:-1], tokens[1:]).item() / ln2
        ),
        "bits, not perplexity": 2**want,
        "the last piece is shorter: its mean counts its own characters, not T": (
            sum(pieces) * T / (N - 1)
        ),
        "the mean of the logarithms, not the logarithm of the mean": -math.log2(
            (0.5**judged).mean().item()
        ),
    }


@item("Item 9, bits_per_character")
def check_bits(bits_per_character, kind: str, N: int, T: int, training: bool) -> None:
    """A model that is read at once, and one that refuses to be."""
    torch.manual_seed(N + T)
    model, tokens = Reader(kind, T), torch.randint(6, (N,))
    with torch.no_grad():
        nats = F.cross_entropy(model.own[0](tokens[None, :-1])[0][0], tokens[1:])
    want = nats.item() / math.log(2)
    model.train(training)
    mode = "training" if training else "evaluation"
    tried = f"bits_per_character(a {kind} in {mode} mode, {N} characters, {T=})"
    without = (rnn.bits_per_character,)
    with torch.set_grad_enabled(training):  # as it was found, on or off
        came = call(bits_per_character, model, tokens, T, tried=tried, without=without, graph=False)
    if not model.modes:
        likely = "call model(x, state) itself, x of shape (1, T)"
        fail(tried, "a model that has been called", "it was never called", likely)
    if any(model.modes):
        likely = "dropout is at work in training mode: model.eval() first"
        fail(tried, "a model called in evaluation mode", "training mode", likely)
    with torch.no_grad():
        mistakes = bit_mistakes(model.own[0], tokens, T)
    # a mean in float32, the default of torch.tensor([...]), is right too
    number(came, want, tried, mistakes, tolerance=1e-6, plain=float)


def followers(text: str, contexts: list[str]) -> list[str]:
    """What stands after each context in the text, everywhere."""
    starts = [[k for k in range(len(text)) if text.startswith(h, k)] for h in contexts]
    return [
        "".join(text[k + len(h)] for k in places if k + len(h) < len(text))
        for h, places in zip(contexts, starts, strict=True)
    ]


def matched(text: str, contexts: list[str], escape: bool, flags: int = 0) -> list[str]:
    """The same by regular expressions, for which . + ( and a new line are no plain characters."""
    try:
        patterns = [f"(?={re.escape(h) if escape else h}(.))" for h in contexts]
        return ["".join(re.findall(pattern, text, flags)) for pattern in patterns]
    except (re.error, TypeError):  # a bracket that does not close, a group more
        return followers(text, contexts)


def mixed(levels: list[tuple[float, float, float]], below: float, fault: str = "") -> float:
    """Of (c(h, w), c(h), T(h)), the shortest context first, in usual wrong ways."""
    p = below
    for pair_, total, different in levels:
        if not total:
            p = 0.0 if fault == "unseen" else p
        elif fault == "bare" and not pair_:
            continue
        elif fault == "seen" and pair_:
            p = pair_ / (total + different)
        elif fault == "added":
            p = pair_ / (total + different) + p
        else:
            p = (pair_ + different * p) / (total + different)
    return p


def count_mistakes(text: str, context: str, w: str, V: int) -> dict[str, float]:
    contexts = [context[k:] for k in range(len(context), -1, -1)]
    ends = [context[:k] for k in range(len(context) + 1)]
    after = followers(text, contexts)

    def levels(after=after, total=len, T=lambda a: len(set(a)), pair_=lambda a, h: a.count(w)):
        return [(pair_(a, h), total(a), T(a)) for a, h in zip(after, contexts, strict=True)]

    plain, low = levels(), 1 / V
    letters = text.count(w) / len(text)
    once = [sum(text.count(h + v) for v in set(text)) for h in contexts]
    at_end = [(c, n + (h != "" and text.endswith(h)), t)
              for (c, n, t), h in zip(plain, contexts, strict=True)]  # fmt: skip
    overlap = [(text.count(h + w), n, t)
               for h, n, (_, _, t) in zip(contexts, once, plain, strict=True)]  # fmt: skip
    above = [(text.count(h + w), n, t) for h, (_, n, t) in zip(contexts, plain, strict=True)]
    return other_levels(text, contexts, w, levels, low) | {
        "h' is h without its first character, not its last": mixed(
            levels(followers(text, ends)), low),
        "below h stands P(w | h'), mixed in turn, not 1 / V": mixed(plain[-1:], low),
        "the empty context counts letters: 1 / V stands below it, not in its place": mixed(
            plain[1:], low),
        "the empty context is mixed too: T(h) / V stands in its numerator": mixed(
            plain[1:], letters),
        "a context never seen gives P(w | h'), not 0": mixed(plain, low, "unseen"),
        "str.count leaves out places that overlap": mixed(overlap, low),
        "c(h, w) too counts places that overlap: not by str.count": mixed(above, low),
        "an h at the very end of the text is followed by nothing: c(h) sums c(h, w)": mixed(
            at_end, low),
        "T(h) counts the different characters after h, each once": mixed(levels(T=len), low),
        "T(h) counts the characters seen after h, not all V": mixed(levels(T=lambda a: V), low),
        "the shorter context is not mixed in": next(
            (c / n for c, n, _ in reversed(plain) if n), low),
        "P(w | h') is weighted by T(h) / (c(h) + T(h))": mixed(plain, low, "added"),
        "this adds one to every count: another method": next(
            ((c + 1) / (n + V) for c, n, _ in reversed(plain) if n), low),
        "a character that the text does not hold is mixed as any other": (
            low if w not in text else mixed(plain, low)),
        "return P itself, not its bits": -math.log2(mixed(plain, low)),
    }  # fmt: skip


def halves(n: int) -> list[int]:
    """n, its half, the half of that, down to 0, the shortest first."""
    return [*halves(n // 2), n] if n else [0]


def other_levels(text: str, contexts: list[str], w: str, levels, low: float) -> dict[str, float]:
    plain = levels()
    seen = [level for level in plain if level[1]]
    return {
        "h' is h without its first character, one step at a time, not the empty one at once": mixed(
            plain if plain[-1][1] else plain[:1], low),
        "P(w | h') is mixed in turn, not P of the empty context in its place": mixed(
            [*plain[:1], *seen[1:][-1:]], low),
        "the first character follows the empty context too": mixed(
            levels([text[1:], *followers(text, contexts)[1:]]), low),
        "a context is plain characters, not a regular expression: re.escape, re.DOTALL": OneOf(
            mixed(levels(matched(text, contexts, *how)), low)
            for how in ((False, 0), (False, re.DOTALL), (True, 0))),
        "below the empty context stands 1 / V, not 1 over the characters of the text": mixed(
            plain, 1 / len(set(text))),
        "a context that is never followed gives P(w | h'), not 1 / V at once": (
            mixed(plain, low) if plain[-1][1] else low),
        "P(w | h') is mixed in where w was seen too": mixed(plain, low, "seen"),
        "where w never follows h P(w | h') has its share, T(h) of c(h) + T(h)": mixed(
            plain, low, "bare"),
        "h' is one character shorter than h, not half of it": mixed(
            [plain[n] for n in halves(len(contexts) - 1)], low),
        "a capital is another character: no lower()": mixed(
            levels(followers(text.lower(), [h.lower() for h in contexts]),
                   pair_=lambda a, h: a.count(w.lower())), low),
        "the context may have any length: only its last characters are used": OneOf(
            mixed(plain[:k], low) for k in range(2, len(plain) + 1)),
        "a character that the text does not hold is drawn too, by T(h) / V": (
            0.0 if w not in text else mixed(plain, low)),
        "the text counts as it is, with the spaces at its ends: no strip()": mixed(
            levels(followers(text.strip(), contexts)), low),
    }  # fmt: skip


def count_case(text: str, context: str, w: str, V: int) -> Case:
    letters = sorted(set(text + context + w))
    tokens = {letter: number for number, letter in enumerate(letters)}
    model = NGram(torch.tensor([tokens[a] for a in text]), len(context) + 1, V)
    at = torch.tensor([tokens[a] for a in context], dtype=torch.int64)
    want = model.next_distribution(at)[tokens[w]].item()
    tried = f"witten_bell({text!r}, {context!r}, {w!r}, {V=})"
    given = (text, context, w, V)
    return Case(tried, given, want, lambda: count_mistakes(*given))


def compare_probability(came, want, tried, tolerance) -> None:
    number(came, want, tried, tolerance=tolerance, plain=float)


@item("Item 10, witten_bell")
def check_counting(witten_bell, text: str, V: int, pairs: list[tuple[str, str]]) -> None:
    """P of each (context, character) against the course's own n-gram model."""
    more = (("abab", "a", "b", 3), ("aaab", "aa", "a", 3), ("abcab", "qa", "b", 5))
    more += (("abcabcbca", "abc", "a", 4), ("abcab", "a", "c", 4))
    probes = [count_case(*one) for one in more]
    for context, w in pairs:
        case = count_case(text, context, w, V)
        judge(witten_bell, case, probes, compare_probability, 1e-9, without=(NGram.__init__,))


@item("Item 10, witten_bell")
def check_many_counts(witten_bell, text: str, V: int) -> None:
    """Contexts of no to seven characters from all over the text, and some that it does not hold."""
    contexts = {text[k : k + n] for n in (0, 1, 2, 3, 4, 7) for k in (1, 4, len(text) - n)}
    pairs = [(h, w) for h in sorted(contexts | {"q", "sq", "qas", "ssis"})
             for w in sorted({text[2], text[5], "i", "#"})
             if len(set(text + h + w)) <= V]  # fmt: skip
    check_counting(witten_bell, text, V, pairs)
