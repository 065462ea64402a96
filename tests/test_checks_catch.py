"""checks/attention/catch: students' tests of attention, and what is told of those that fail."""

import math

import pytest
import torch
from told import message

from checks import attention
from checks.attention import catch, scores, wrong
from checks.compare import Wrong


def numbers(*shapes, seed=0):
    return scores.draw(shapes, seed)


def hard(seed: int, T: int, S: int):
    """Inputs in which all that the contracts say is put to the test."""
    q, k, v = numbers((2, T, 4), (2, S, 4), (2, S, 3), seed=seed)
    mask = torch.rand(2, T, S, generator=torch.Generator().manual_seed(seed)) < 0.5
    mask[:, 0, S - 1], mask[:, 1] = True, False
    return q, k, v, mask


def outcome(attend, given):
    """What comes, the gradients, and whether all was left as it was."""
    leaves = [p.clone().requires_grad_() for p in given[:3]]
    mask = [m.clone() for m in given[3:]]
    out = attend(*leaves, *mask)
    out.square().sum().backward()
    kept = all(map(torch.equal, [*leaves, *mask], given))
    return [out, *(p.grad for p in leaves), torch.tensor(float(kept))]


def same(a, b) -> bool:
    return all(torch.allclose(x, y, rtol=1e-9, atol=1e-9) for x, y in zip(a, b, strict=True))


CASES = [hard(1, 3, 3), hard(2, 3, 3), hard(3, 2, 5)]
LARGE = [tuple([30 * p for p in hard(4, 2, 5)[:2]]) + hard(4, 2, 5)[2:]]


@pytest.mark.parametrize("style", wrong.RIGHT)
def test_right_styles_agree_with_the_kernel_to_rounding(style):
    for q, k, v, mask in CASES + LARGE:
        for given in ((q, k, v), (q, k, v, mask)):
            assert same(outcome(wrong.RIGHT[style], given), outcome(wrong.kernel, given))


@pytest.mark.parametrize("fault", wrong.VALUES)
def test_each_wrong_value_can_be_seen(fault):
    attend = wrong.VALUES[fault][1]()
    found = [same(outcome(attend, c[:3]), outcome(wrong.kernel, c[:3])) for c in CASES + LARGE]
    assert not all(found)


@pytest.mark.parametrize("fault", wrong.MASKS)
def test_each_wrong_mask_can_be_seen(fault):
    attend, low = wrong.MASKS[fault][1](), []
    for q, k, v, mask in CASES:
        q, k = q.clone(), k.clone()
        q[..., 0], k[..., 0] = 1.0, k[..., 0] - 8000.0
        low.append((q, k, v, mask))
    found = [same(outcome(attend, c), outcome(wrong.kernel, c)) for c in CASES + low]
    assert not all(found)


@pytest.mark.parametrize("fault", [*wrong.VALUES, *wrong.MASKS])
def test_backward_can_be_called_through_each_wrong_one(fault):
    """Also where what is given has been changed."""
    leaves, mask = [p.clone().requires_grad_() for p in CASES[2][:3]], CASES[2][3].clone()
    _, make = (wrong.VALUES | wrong.MASKS)[fault]
    given = leaves if fault in wrong.VALUES else (*leaves, mask)
    catch.lent(make(), [], [])(*given).sum().backward()
    assert all(p.grad is not None for p in leaves)


def equal_to_kernel(attend):
    for given in CASES:
        torch.testing.assert_close(attend(*given[:3]), wrong.kernel(*given[:3]))


def test_a_students_test_is_judged_by_what_it_catches():
    attention.check_values_test(equal_to_kernel, "the scores are divided by d")
    text = message(attention.check_values_test, equal_to_kernel, "large scores give nan")
    assert "Expected: an AssertionError" in text and "exp overflows" in text
    assert "the scores" not in text, "only what is asked for is told"


def test_a_test_that_fails_right_ones_or_breaks_is_told_so():
    def never(attend):
        raise AssertionError("no")

    def broken(attend):
        raise ValueError("broken")

    text = message(catch.judged, never, "test", wrong.VALUES, ())
    assert "Expected: no error: it is right" in text and "AssertionError: no" in text
    assert "Likely:   no right one lives" in text
    text = message(catch.judged, broken, "test", wrong.VALUES, ())
    assert "ValueError: broken" in text and "only an assert says" in text


def test_why_a_right_attend_is_rejected_is_tried():
    def to_the_last_bit(attend):
        q, k, v = numbers((2, 3, 4), (2, 5, 4), (2, 5, 2))
        assert torch.equal(attend(q, k, v), (q @ k.mT / 2).softmax(-1) @ v)

    def strict(attend):
        q, k, v = (p.float() for p in numbers((2, 3, 4), (2, 5, 4), (2, 5, 2)))
        want = wrong.kernel(q.double(), k.double(), v.double())
        torch.testing.assert_close(attend(q, k, v).double(), want, rtol=0, atol=1e-10)

    def endless(attend):
        q, k, v = numbers((2, 3, 4), (2, 5, 4), (2, 5, 2))
        v[:, 0] = math.inf
        assert attend(q, k, v).isfinite().all()

    def silent(attend):
        return attend(*numbers((2, 3, 4), (2, 5, 4), (2, 5, 2))).sum() > 0

    def by_d(attend):
        q, k, v = numbers((2, 3, 4), (2, 5, 4), (2, 5, 2))
        torch.testing.assert_close(attend(q, k, v), (q @ k.mT / 4).softmax(-1) @ v)

    def for_the_pair(attend):
        q, k, v = numbers((2, 3, 4), (2, 5, 4), (2, 5, 2))
        out, weights = attend(q, k, v)
        torch.testing.assert_close(out, weights @ v)

    fault = "the scores are divided by d"
    for test, likely in ((by_d, "in which the scores are divided by d"), (for_the_pair, "not the pair"),
                         (to_the_last_bit, catch.STRICT), (strict, catch.STRICT),
                         (endless, "attend was given inf or nan"), (silent, catch.RETURNS)):  # fmt: skip
        assert likely in message(attention.check_values_test, test, fault), test.__name__


def test_a_test_that_nan_passes_is_told_so():
    def deaf(attend):
        q, k, v = numbers((2, 3, 4), (2, 5, 4), (2, 5, 2))
        q = 900.0 * q
        if (attend(q, k, v) - wrong.kernel(q, k, v)).abs().max() > 1e-9:
            raise AssertionError("another result")

    text = message(attention.check_values_test, deaf, "large scores give nan")
    assert "one that gives nan alone is not caught" in text


def test_a_test_that_counts_its_calls_earns_nothing():
    """Right ones do not come first: the order is drawn anew each time."""
    passed = 0
    for _ in range(12):
        seen = []

        def counting(attend, seen=seen):
            seen.append(attend)
            assert len(seen) <= len(wrong.RIGHT)

        try:
            attention.check_values_test(counting, *wrong.VALUES)
            passed += 1
        except Wrong:
            pass
    assert passed == 0


def test_nothing_tells_which_attend_is_given():
    names = {catch.lent(f, [], []).__name__ for f in wrong.RIGHT.values()}
    assert names == {"attend"}
