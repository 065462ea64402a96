"""checks/attention: its references against laws and brute force; right answers in other forms."""

import math

import pytest
import torch
from told import message

from checks import attention
from checks.attention import (
    additive,
    beam,
    beams,
    heads,
    masks,
    pairs,
    places,
    scores,
)


def numbers(*shapes, seed=0):
    return scores.draw(shapes, seed)


def test_the_reference_of_attention_gives_zeros_to_who_sees_nothing():
    q, k, v = numbers((2, 3, 4), (2, 5, 4), (2, 5, 2))
    mask = scores.hidden_from(2, 3, 5, 1, 0)
    out, weights = scores.looked(q, k, v, mask)
    assert torch.equal(weights.sum(-1).round(decimals=12), mask.any(-1).double())
    assert (weights[~mask] == 0).all() and (out[:, 2] == 0).all()
    torch.testing.assert_close(out, weights @ v)


def test_scores_far_below_zero_and_the_gradient_of_a_row_of_nothing_are_tried():
    def attend(q, k, v, mask=None, low=None, late=False):
        each = q @ k.mT / math.sqrt(q.shape[-1])
        if mask is None:
            return each.softmax(-1) @ v, each.softmax(-1)
        if late:
            hide = torch.zeros_like(each).masked_fill(~mask, -math.inf)
            weights = (each + hide).softmax(-1).nan_to_num(0.0)
        else:
            low = torch.finfo(each.dtype).min if low is None else low
            weights = each.masked_fill(~mask, low).softmax(-1).masked_fill(~mask, 0)
        return weights @ v, weights

    sizes = {"B": 2, "T": 3, "S": 5, "d": 4, "e": 2}
    attention.check_attend(attend, **sizes, shift=-30_000.0, blind=1)
    low = message(attention.check_attend, lambda *a: attend(*a, low=-1e4), **sizes, shift=-3e4)
    assert "Likely:   the number filled in is not below every score" in low
    late = message(attention.check_attend, lambda *a: attend(*a, late=True), **sizes, blind=1)
    assert "gradient" in late and "Likely:   0 in place of nan or infinity comes too late" in late


@pytest.mark.parametrize(("T", "S"), [(1, 1), (3, 3), (1, 4), (2, 5)])
def test_the_reference_of_masks_is_the_definition(T, S):
    found = masks.earlier(T, S) & masks.keys([0, S], S)
    assert found.tolist() == [
        [[s < n and s <= S - T + t for s in range(S)] for t in range(T)] for n in (0, S)
    ]


def test_the_reference_of_additive_attention_is_the_formula():
    case = additive.additive_case(3, [2, 4], 4)
    q, k, W_q, W_k, v, lengths = case.arguments
    each = ((q @ W_q.T)[:, :, None] + (k @ W_k.T)[:, None]).tanh() @ v
    each[0, :, 2:] = -math.inf
    torch.testing.assert_close(case.want[1], each.softmax(-1))
    assert lengths.tolist() == [2, 4]


def test_several_heads_are_compared_where_nothing_is_symmetric():
    case = heads.heads_case(2, 3, 3, 6, 2, True)
    usual = {t: w for t, w in case.mistakes().items() if isinstance(w, torch.Tensor)}
    close = [t for t, w in usual.items() if w.shape == case.want.shape and
             torch.allclose(w, case.want)]  # fmt: skip
    assert len(usual) > 12 and close == []


def test_both_layouts_of_rotary_positions_are_right_and_obey_the_law():
    angle = places.angles(torch.tensor([3, 8, 20, 25]), 6, 100.0)
    q, k = numbers((6,), (6,))
    for layout in places.LAYOUTS:
        a, b = (places.turned(x.expand(4, 6), angle, layout) for x in (q, k))
        product = a @ b.T  # 3 and 8 are as far apart as 20 and 25
        torch.testing.assert_close(product[0, 1], product[2, 3])
        assert not torch.allclose(product[0, 1], product[1, 0])

        def rotate(x, at, base=10_000.0, layout=layout):
            return places.turned(x, places.angles(at, x.shape[-1], base), layout)

        attention.check_rotate(rotate, B=2, h=3, d=6, places=[0, 4, 9], base=50.0)
    text = message(attention.check_rotate, lambda x, at, base: x, B=1, h=2, d=4, places=[1, 2])
    assert "argument 1 as it was given" in text


def test_the_model_of_the_loss_looks_at_nothing_later():
    model = pairs.Writer()
    source, target = pairs.batch([4, 4], 4, 0, 1)
    before = model(source, target)
    target[:, 2] = 0
    after = model(source, target)
    assert torch.equal(before[:, :2], after[:, :2]) and not torch.equal(before[:, 2], after[:, 2])


@pytest.mark.parametrize("seed", [1, 8, 13])
def test_the_references_of_beam_search_agree_where_nothing_is_thrown_away(seed):
    for ends in ({}, {"start": 2, "end": 0}):
        setting = beams.Setting(3, 3**3, 3, 0.7, seed, **ends)
        found, best = beams.searched(setting), beam.every(setting)
        assert found[0] == best[0] and abs(found[1] - best[1]) < 1e-9
        assert abs(beam.fresh(setting, best[0]) - best[1]) < 1e-9


def test_every_fault_of_beam_search_shows_in_one_of_the_tables():
    hidden = set(beams.FAULTS.values())
    asked = [*map(beam.setting_of, range(4, 16))]
    asked += [beams.Setting(4, 2, 5, 1.0, 5, 2.0), beams.Setting(3, 5, 4, 1.0, 39, 2.0)]
    asked += [beams.Setting(5, 3, 5, 1.0, 2, 2.0)]  # a visible one
    for setting in asked:
        right = beams.searched(setting)
        hidden = {f for f in hidden if beams.searched(setting, f) == right}
    assert hidden == set()


def test_a_result_that_is_kept_from_an_earlier_search_is_told_so():
    first, second = ((4, 3, 4, 1.0, 13), (5, 2, 6, 1.0, 2))
    kept = beams.searched(beams.Setting(*first, 2.0))

    def keeping(*given):
        return kept

    attention.check_beam(keeping, *first)
    assert "of an earlier call" in message(attention.check_beam, keeping, *second)


def test_a_beginning_that_has_ended_is_refused():
    log_p = beams.table(4, 0)
    with pytest.raises(ValueError, match="has ended"):
        log_p(torch.tensor([[0, 2, 1, 3]]))
    with pytest.raises(ValueError, match="int64"):
        log_p(torch.tensor([[0.0]]))


def test_the_block_is_pytorchs_in_both_forms():
    for norm_first in (True, False):

        def block(x, a, f, n1, n2, norm_first):
            if norm_first:
                x = x + a(n1(x))
                return x + f(n2(x))
            x = n1(x + a(x))
            return n2(x + f(x))

        attention.check_block(block, B=2, T=3, C=4, heads=2, norm_first=norm_first)
        text = message(
            attention.check_block, lambda *a: block(*a[:-1], not a[-1]), B=2, T=3, C=4, heads=2,
            norm_first=norm_first,
        )  # fmt: skip
        assert "norm_first" in text
