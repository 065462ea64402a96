"""checks/gpt: references beside independent ones, models with a fault, and what is told."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from told import message

from checks import gpt
from checks.gpt.catching import READING, RIGHT, WRITING
from checks.gpt.measured import law_mistakes, search_mistakes
from checks.gpt.model import built
from checks.gpt.pairs import learnt
from checks.gpt.readers import Exact, Reader
from checks.gpt.text import streamed
from checks.values import alike
from helpers import training
from helpers.data.bpe import BPE
from helpers.models.gpt import GPT

WORDS = {"hum": 3, "bug": 6, "hug": 10, "pug": 5, "aaaa": 12, "café": 5}


def test_pairs_that_are_learnt_without_a_fault_are_the_tokenizers():
    text = "\n".join(word for word, often in WORDS.items() for word in [word] * often)
    assert learnt(WORDS, 9, "") == BPE.train(text, 256 + 9, r"[^\n]+").merges


def test_a_gpt_costs_what_the_helpers_does():
    own = GPT(11, context=5, d_model=6, heads=2, layers=3, tied=False)
    assert built(50_257, 1024, 768, 12, 12, 12, True) == 124_439_808  # GPT-2 small
    assert built(11, 5, 6, 3, 2, 2, False) == training.parameter_count(own)
    fewer = 3 * 2 * (6 * 3 + 3)  # keys and values of one head in place of two
    assert built(11, 5, 6, 3, 2, 1, False) == training.parameter_count(own) - fewer


def test_what_is_streamed_is_the_whole_text():
    for text in ("né地😀".encode(), "😀".encode()[:2], "\ufffd地".encode()[:5]):
        for size in (1, 2, 3):
            pieces = [text[k : k + size] for k in range(0, len(text), size)]
            shown = streamed(pieces)
            assert "".join(shown) == text.decode(errors="replace") and len(shown) == len(pieces)


def in_pieces(model, text, sizes):
    """By how much a text that is read in pieces is off the logits of its rows, each read alone."""
    whole, cache, parts = torch.cat([model(row[None], None)[0] for row in text]), None, []
    for part in text.split(sizes, 1):
        logits, cache = model(part, cache)
        parts.append(logits)
    return (torch.cat(parts, 1) - whole).abs().max().item()


def off(fault: str, sizes: list[list[int]], B: int) -> float:
    """The least, over five texts, of what the worst way to cut them is off."""
    found = []
    for seed in range(5):
        text = torch.randint(5, (B, 8), generator=torch.Generator().manual_seed(seed))
        reader = Reader(5, 8, fault)
        found.append(max(in_pieces(reader, text, cut) for cut in sizes))
    return min(found) if fault not in RIGHT else max(found)


ONE_BY_ONE = [[1] * 8, [3, 1, 1, 1, 1, 1]]
MANY = [[2, 3, 3], [3, 2, 1, 2]]


@pytest.mark.parametrize("fault", [*WRITING, *RIGHT])
def test_models_that_write(fault):
    assert (
        off(fault, ONE_BY_ONE, B=1) > 0.01 if fault in WRITING else off(fault, ONE_BY_ONE, 1) < 1e-4
    )


@pytest.mark.parametrize("fault", [*READING, *RIGHT])
def test_models_that_read(fault):
    assert off(fault, MANY, B=3) > 0.01 if fault in READING else off(fault, MANY, 3) < 1e-4


@pytest.mark.parametrize("fault", ["corner", "open", "ends", "pieces", "rows", "second row"])
def test_models_that_read_badly_write_well(fault):
    assert off(fault, [[3, 1, 1, 1, 1, 1]], B=1) < 1e-4


def test_a_model_without_rounding_is_right_to_the_last_bit():
    text = torch.randint(5, (3, 8), generator=torch.Generator().manual_seed(0))
    assert [in_pieces(Exact(5, 8), text, cut) for cut in (*ONE_BY_ONE, *MANY)] == [0.0] * 4


def test_a_model_that_mixes_texts_is_right_for_each_alone():
    assert off("together", MANY, B=1) < 1e-4


def read_on(model, V, context, compare, keep=True):
    """A test of pieces of two, which compares so, and keeps the cache of each call or the first."""
    text = torch.randint(V, (2, 6))
    whole, (_, cache) = model(text, None)[0], model(text[:, :2], None)
    for at in (2, 4):
        logits, later = model(text[:, at : at + 2], cache)
        compare(logits, whole[:, at : at + 2])
        cache = later if keep else cache


def equal(a, b):
    assert torch.equal(a, b)


def shown(a, b):
    print((a - b).abs().max() < 1e-3)


def likeliest(a, b):
    assert torch.equal(a.argmax(-1), b.argmax(-1))


@pytest.mark.parametrize(
    ("compare", "more", "says"),
    [
        (equal, {}, "right means: all logits within 1e-4"),
        (torch.testing.assert_close, {"keep": False}, "even a right model without any rounding"),
        (shown, {}, "does it assert anything?"),
        (likeliest, {}, "compare all, not the likeliest token"),
    ],
)
def test_what_is_said_of_a_test_is_tried(compare, more, says):
    def test(model, V, context):
        read_on(model, V, context, compare, **more)

    faults = ["scaled"] if compare is likeliest else ["start"]
    assert says in message(gpt.check_writing, test, faults, V=6, context=8)


def test_a_cause_in_attention_holds_for_other_texts_too():
    def by_an_axis(x, cache, places, W_qkv, W_out, heads):
        """S taken from the axis of the heads."""
        start = heads if cache else 0
        u = torch.cat([*(cache or []), x + places[start : start + x.shape[1]]], 1)
        q, k, v = (z.unflatten(-1, (heads, -1)).transpose(1, 2) for z in (u @ W_qkv.T).chunk(3, -1))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
        return (y @ W_out.T)[:, -x.shape[1] :], [u]

    told = message(gpt.check_attend, by_an_axis, pieces=[3, 1, 1], B=2, C=8, heads=2)
    assert "not another axis" in told


def test_a_test_that_catches_one_model_alone():
    def one_step(model, V, context):
        text = torch.randint(V, (1, 4))
        logits, _ = model(text[:, 3:], model(text[:, :3], None)[1])
        assert (logits[:, -1] - model(text, None)[0][:, -1]).abs().max() < 1e-3

    gpt.check_writing(one_step, ["start", "behind", "scaled"], V=6, context=8)
    assert "go on for several tokens" in message(gpt.check_writing, one_step, ["twice"], 6, 8)
    assert "until the context is full" in message(gpt.check_writing, one_step, ["half"], 6, 8)


@pytest.mark.parametrize(
    ("test", "says"),
    [
        (lambda model, V, context: None, "Came:     no error"),
        (lambda model, V, context: False, "it returns nothing"),
        (lambda model, V, context: torch.zeros(2) / [], "TypeError"),
        (lambda model, V, context: model(torch.zeros(1, 9).long(), None), "more than the context"),
        (lambda model, V, context: model(torch.full((1, 2), V), None), "known are only"),
    ],
)
def test_a_test_that_is_none(test, says):
    assert says in message(gpt.check_writing, test, ["start"], V=5, context=8)


def test_a_right_model_must_live():
    def never(model, V, context):
        raise AssertionError("so it is")

    told = message(gpt.check_reading, never, None, V=5, context=8)
    assert "a right model" in told and "so it is" in told and "Expected: no error" in told


def attend(x, cache, places, W_qkv, W_out, heads, end=torch.cat):
    keys = [] if cache is None else cache
    start = sum(part.shape[1] for part in keys)
    u = end([*keys, x + places[start : start + x.shape[1]]], 1)
    q, k, v = (z.unflatten(-1, (heads, -1)).transpose(1, 2) for z in (u @ W_qkv.T).chunk(3, -1))
    y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2)
    return (y @ W_out.T)[:, start:], [u]


def test_a_cache_may_be_anything_and_is_left_alone():
    gpt.check_attend(attend, pieces=[2, 1, 3], B=2, C=6, heads=3)

    class Growing(dict):
        pass

    def growing(x, cache, *given):
        cache = Growing() if cache is None else cache
        y, cache["kept"] = attend(x, cache.get("kept"), *given)
        return y, cache

    told = message(gpt.check_attend, growing, pieces=[2, 1, 3], B=2, C=6, heads=3)
    assert "a second time" in told and "is changed by a later call" in told


def test_a_law_is_not_met_by_its_mistakes():
    sizes = [1e4, 1e5, 1e6, 1e7]
    losses = [1.5 + 20 * n**-0.3 for n in sizes]
    want = 1.5 + 20 * 1e8**-0.3
    usual = law_mistakes(sizes, losses, 1e8) | search_mistakes(sizes, losses, 1e8, 1.5)
    wrong = [value for value in usual.values() if isinstance(value, float)]
    assert not any(alike(value, want, 0.01) for value in wrong)
    gpt.check_law(lambda *given: want, 1.5, 20, 0.3, sizes, 1e8)


@pytest.mark.parametrize(
    ("predict", "says"),
    [
        (lambda s, y, n: fitted(s, y, n, E_step=0.25), "steps that are too coarse"),
        (lambda s, y, n: fitted(sorted(s), y, n), "each with its own loss"),
    ],
)
def test_why_a_law_is_missed_is_tried_on_others(predict, says):
    sizes = [1e5, 1e4, 1e6, 1e7]
    gpt.check_law(fitted, 0.37, 20, 0.3, sizes, 1e9)
    assert says in message(gpt.check_law, predict, 0.37, 20, 0.3, sizes, 1e9)


def fitted(sizes, losses, size, E_step=0.001):
    x, found = np.log(sizes), []
    for E in np.arange(0, min(losses) - 1e-9, E_step):
        line, (misfit, *_), *_ = np.polyfit(x, np.log(np.array(losses) - E), 1, full=True)
        found.append((misfit, E, line))
    _, E, line = min(found, key=lambda one: one[0])
    return float(E + np.exp(np.polyval(line, np.log(size))))


def test_a_loss_of_nothing_is_a_tensor():
    told = message(gpt.check_loss, lambda *given: 0.0, prompt=[2, 1], length=[2, 1], T=3, V=4)
    assert "a tensor without dimensions" in told and "where there is nothing to judge" in told


def test_a_mean_of_means_is_called_so():
    def loss(logits, tokens, prompt, length, end=torch.cat):
        each = [
            F.cross_entropy(row[p - 1 : n - 1], text[p:n], reduction="none")
            for row, text, p, n in zip(logits, tokens, prompt, length, strict=True)
        ]
        return end(each).mean()

    sizes = {"prompt": [1, 2], "length": [5, 3], "T": 6, "V": 4}
    gpt.check_loss(loss, **sizes)
    by_text = message(
        gpt.check_loss,
        lambda *given: loss(*given, end=lambda each: torch.stack([e.mean() for e in each])),
        **sizes,
    )
    assert "not the mean of each text's mean" in by_text
