"""helpers.models.attention against torch's own, in float64, with gradients."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from helpers.models.attention import (
    AdditiveAttention,
    Cache,
    MultiHeadAttention,
    attention,
    causal_mask,
    masked_softmax,
    padding_mask,
)

B, h, T, S, d, C = 2, 3, 5, 7, 4, 12  # all different: no exchanged axis goes unseen


pytestmark = pytest.mark.usefixtures("float64_seeded")


def assert_close(a, b) -> None:
    assert a.isfinite().all()
    torch.testing.assert_close(a, b, atol=1e-10, rtol=0)


def both(function, reference, *inputs) -> None:
    """The same outputs, and the same gradients of the inputs."""
    made = []
    for f in (function, reference):
        given = [x.clone().requires_grad_() for x in inputs]
        out = f(*given)
        made.append([out, *torch.autograd.grad((out**3).sum(), given)])
    for a, b in zip(*made, strict=True):
        assert_close(a, b)


MASKS = {
    "none": lambda: None,
    "one for all": lambda: torch.rand(T, S) < 0.6,
    "padding": lambda: padding_mask(torch.tensor([4, 7]), S)[:, None],
    "causal": lambda: causal_mask(T, S),
    "a row masked whole": lambda: torch.arange(T)[:, None] != 2,
    "all": lambda: torch.zeros(1, 1, dtype=torch.bool),
}


@pytest.mark.parametrize("kind", MASKS)
def test_attention_equals_torch(kind):
    q, k, v = torch.randn(B, h, T, d), torch.randn(B, h, S, d), torch.randn(B, h, S, 6)
    mask = MASKS[kind]()
    wide = None if mask is None else mask.expand(B, h, T, S)
    both(
        lambda *x: attention(*x, mask)[0],
        lambda *x: F.scaled_dot_product_attention(*x, wide),
        *(q, k, v),
    )
    _, weights = attention(q, k, v, mask)
    assert weights.shape == (B, h, T, S)
    may = torch.ones(B, h, T, S, dtype=torch.bool) if wide is None else wide
    assert (weights[~may] == 0).all()
    assert_close(weights.sum(-1), may.any(-1).double())


def test_softmax_of_a_row_masked_whole_is_zero_with_finite_gradients():
    scores = torch.randn(2, 3, requires_grad=True)
    mask = torch.tensor([[True, False, True], [False, False, False]])
    weights = masked_softmax(scores, mask)
    assert weights[1].tolist() == [0, 0, 0]
    masked_softmax(scores, mask).square().sum().backward()
    assert scores.grad.isfinite().all() and (scores.grad[1] == 0).all()
    assert_close(weights[0, [0, 2]], scores[0, [0, 2]].softmax(0))


def test_the_scale_is_that_of_the_head():
    q, k = torch.zeros(1, 4), torch.zeros(2, 4)
    q[0, 0], k[0, 0] = 2.0, 2.0  # the products are 4 and 0, d is 4
    _, weights = attention(q, k, k)
    assert_close(weights[0], torch.tensor([2.0, 0.0]).softmax(0))
    layer = MultiHeadAttention(16, 4)
    with torch.no_grad():  # one place asks 4 and 0 of two, in every head
        layer.in_proj_weight.copy_(torch.cat([torch.eye(16)] * 3))
    x = torch.zeros(1, 2, 16)
    x[0, 0, ::4] = 2.0
    layer.watch = True
    layer(x)
    assert_close(layer.weights[0, :, 0, 0], torch.full((4,), 0.8807970779778823))


def test_additive_attention_by_its_formula():
    layer = AdditiveAttention(4, 6, 5)
    q, k = torch.randn(B, T, 4), torch.randn(B, S, 6)
    mask = padding_mask(torch.tensor([3, 7]), S)
    out, weights = layer(q, k, mask)
    for b, length in enumerate((3, 7)):
        for t in range(T):
            scores = [
                layer.v.weight[0]
                @ torch.tanh(
                    layer.W_q.weight @ q[b, t] + layer.W_k.weight @ k[b, s] + layer.W_k.bias
                )
                for s in range(length)
            ]
            assert_close(weights[b, t, :length], torch.stack(scores).softmax(0))
    assert (weights[0, :, 3:] == 0).all()
    assert_close(out, weights @ k)


# ---------------------------------------------------------------- several heads


class Theirs(nn.MultiheadAttention):
    """PyTorch's, called as ours is."""

    def forward(self, x, memory=None, **more):
        memory = x if memory is None else memory
        return super().forward(x, memory, memory, need_weights=False, **more)[0]


def compare(ours, theirs, inputs, ours_more, theirs_more) -> None:
    """Outputs, gradients of the inputs and of every parameter, by name."""
    made = []
    for layer, more in ((ours, ours_more), (theirs, theirs_more)):
        given = [x.clone().requires_grad_() for x in inputs]
        out = layer(*given, **more)
        (out**3).sum().backward()
        grads = [p.grad for _, p in sorted(layer.named_parameters())]
        made.append([out, *(x.grad for x in given), *grads])
    for a, b in zip(*made, strict=True):
        assert_close(a, b)


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("watch", [False, True])
@pytest.mark.parametrize("kind", ["none", "causal", "padding", "given"])
def test_several_heads_equal_torch(cross, watch, kind):
    ours, theirs = MultiHeadAttention(C, h), Theirs(C, h, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    ours.load_state_dict(theirs.state_dict())
    ours.watch = watch
    x, memory = torch.randn(B, T, C), torch.randn(B, S, C)
    n = S if cross else T
    lengths = torch.tensor([3, n])
    allowed = torch.rand(T, n) < 0.7
    allowed[:, 0] = True
    more = {
        "none": ({}, {}),
        "causal": ({"causal": True}, {"attn_mask": ~causal_mask(T, n)}),
        "padding": (
            {"mask": padding_mask(lengths, n)},
            {"key_padding_mask": ~padding_mask(lengths, n)[:, 0]},
        ),
        "given": ({"mask": allowed}, {"attn_mask": ~allowed}),
    }[kind]
    compare(ours, theirs, [x, memory] if cross else [x], *more)
    assert (ours.weights is not None) == watch


def test_initialised_as_torch():
    torch.manual_seed(3)
    ours = MultiHeadAttention(64, 4).state_dict()
    torch.manual_seed(3)
    theirs = nn.MultiheadAttention(64, 4).state_dict()
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert ours[name].std().item() == pytest.approx(theirs[name].std().item(), rel=0.05)


def test_a_mask_for_each_sequence_is_not_one_for_each_head():
    ours = MultiHeadAttention(C, h)
    x = torch.randn(h, T, C)  # as many sequences as heads
    mask = padding_mask(torch.tensor([2, 3, T]), T)
    out = ours(x, mask=mask)
    for b, n in enumerate((2, 3, T)):
        assert_close(out[b : b + 1, :n], ours(x[b : b + 1, :n]))


def test_permuted_places_give_permuted_outputs():
    ours, order = MultiHeadAttention(C, h), torch.randperm(T)
    x = torch.randn(B, T, C)
    assert_close(ours(x[:, order]), ours(x)[:, order])
    turned = MultiHeadAttention(C, h, rotary=True)
    assert (turned(x[:, order]) - turned(x)[:, order]).abs().max() > 1e-3


@pytest.mark.parametrize("watch", [False, True])
@pytest.mark.parametrize("rotary", [False, True])
def test_causal_the_future_changes_nothing_before(watch, rotary):
    ours = MultiHeadAttention(C, h, rotary=rotary)
    ours.watch = watch
    x = torch.randn(B, T, C)
    changed = x.clone()
    changed[:, 3:] += 10
    before, after = ours(x, causal=True), ours(changed, causal=True)
    assert_close(before[:, :3], after[:, :3])
    assert (before[:, 3:] - after[:, 3:]).abs().max() > 0.1


def test_padding_changes_nothing():
    ours = MultiHeadAttention(C, h, rotary=True)
    x = torch.randn(B, T, C)
    padded = torch.cat([x, torch.full((B, 3, C), 1e6)], 1)
    mask = padding_mask(torch.tensor([T, T]), T + 3)
    assert_close(ours(padded, mask=mask)[:, :T], ours(x))


@pytest.mark.parametrize("rotary", [False, True])
@pytest.mark.parametrize("pieces", [(1,) * 6, (4, 1, 1), (2, 3, 1)])
def test_reading_on_with_a_cache_equals_reading_at_once(rotary, pieces):
    ours, cache = MultiHeadAttention(C, h, rotary=rotary), Cache()
    x = torch.randn(B, 6, C)
    read = [ours(part, causal=True, cache=cache) for part in x.split(pieces, 1)]
    assert_close(torch.cat(read, 1), ours(x, causal=True))
    assert len(cache) == 6 and cache.k.shape == (B, h, 6, d)


def test_causal_mask_ends_at_the_last_place():
    assert causal_mask(1, 4).tolist() == [[True] * 4]
    assert causal_mask(2, 4).int().tolist() == [[1, 1, 1, 0], [1, 1, 1, 1]]
    assert torch.equal(causal_mask(3), torch.ones(3, 3).tril().bool())


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: MultiHeadAttention(10, 4), ValueError, "multiple of heads"),
        (lambda: MultiHeadAttention(9, 3, rotary=True), ValueError, "pairs"),
        (lambda: MultiHeadAttention(C, h)(torch.randn(T, C)), ValueError, "shape"),
        (lambda: MultiHeadAttention(C, h)(torch.randn(B, T, C + 1)), ValueError, "shape"),
    ],
)
def test_bad_sizes(make, error, match):
    with pytest.raises(error, match=match):
        make()


@pytest.mark.parametrize(
    ("mask", "error", "match"),
    [
        (torch.ones(T, T), TypeError, "True where a query may look.*mask == 0"),
        (torch.ones(T, T, dtype=torch.int64), TypeError, "must be bool"),
        (torch.ones(B, T, dtype=torch.bool), ValueError, "padding_mask"),
        (torch.ones(h, T, T, dtype=torch.bool), ValueError, r"\(2, 5, 5\)"),
        (torch.ones(B, h, T, T, dtype=torch.bool), ValueError, "cannot be expanded"),
        (torch.ones(T, S, dtype=torch.bool), ValueError, "cannot be expanded"),
    ],
)
def test_bad_masks(mask, error, match):
    with pytest.raises(error, match=match):
        MultiHeadAttention(C, h)(torch.randn(B, T, C), mask=mask)


def test_rotary_is_for_one_sequence():
    with pytest.raises(ValueError, match="one sequence"):
        MultiHeadAttention(C, h, rotary=True)(torch.randn(B, T, C), torch.randn(B, S, C))
