# %% right: one law after another
def test_masks(attend):
    torch.manual_seed(3)
    for T, S in ((4, 4), (3, 5), (4, 4)):
        q, k, v = (torch.randn(3, n, 4, dtype=torch.float64) for n in (T, S, S))
        mask = torch.rand(3, T, S) < 0.5
        mask[:, 0, S - 1], mask[:, 2] = True, False
        was = mask.clone()
        out = attend(q, k, v, mask)
        assert torch.equal(was, mask), "mask changed"
        # a row of nothing
        nothing = ~mask.any(-1)
        assert nothing.any() and (out[nothing] == 0).all()
        # only one key: its value
        one = torch.zeros_like(mask)
        at = torch.randint(S, (3, T))
        one.scatter_(2, at[..., None], True)
        assert torch.allclose(attend(q, k, v, one), v[torch.arange(3)[:, None], at])
        # hidden keys: nothing moves, whatever they are
        for b in range(3):
            for t in range(T):
                k2, v2 = k.clone(), v.clone()
                k2[b, ~mask[b, t]], v2[b, ~mask[b, t]] = 77.0, -1e8
                assert torch.allclose(
                    attend(q, k2, v2, mask)[b, t], out[b, t], rtol=1e-8, atol=1e-9
                )
        # the rest is plain attention, far below 0 too
        for low in (0.0, -9000.0):
            q3, k3 = (
                torch.cat([q, torch.ones(3, T, 1)], 2),
                torch.cat([k, torch.full((3, S, 1), low)], 2),
            )
            free = attend(q3, k3, v, mask | nothing[..., None])
            ref = F.scaled_dot_product_attention(q3, k3, v, mask | nothing[..., None])
            assert torch.allclose(free, ref, rtol=1e-7, atol=1e-8)
        leaves = [p.clone().requires_grad_() for p in (q, k, v)]
        (attend(*leaves, mask) ** 2).sum().backward()
        assert all(torch.isfinite(p.grad).all() for p in leaves)


# %% right: a reference of lists
def wanted(q, k, v, mask):
    rows = []
    for b in range(q.shape[0]):
        for t in range(q.shape[1]):
            keys = [s for s in range(k.shape[1]) if mask[b, t, s]]
            if not keys:
                rows.append([0.0] * v.shape[2])
                continue
            scores = [sum((q[b, t] * k[b, s]).tolist()) / math.sqrt(q.shape[2]) for s in keys]
            e = [math.exp(s - max(scores)) for s in scores]
            rows.append(
                [
                    sum(w * v[b, s, i].item() for w, s in zip(e, keys)) / sum(e)
                    for i in range(v.shape[2])
                ]
            )
    return torch.tensor(rows, dtype=torch.float64).view(q.shape[0], q.shape[1], v.shape[2])


def test_masks(attend):
    g = torch.Generator().manual_seed(11)
    for n in range(6):
        T, S = ((3, 3), (2, 4))[n % 2]
        q, k, v = (torch.randn(2, m, 4, generator=g, dtype=torch.float64) for m in (T, S, S))
        if n >= 4:
            q[..., 0], k[..., 0] = 100.0, -100.0
        v[:, -1] *= 1e7
        mask = torch.rand(2, T, S, generator=g) < 0.6
        mask[:, -1] = False
        mask[:, 0] = torch.arange(S) != S - 1
        mask[1, 0] = torch.arange(S) == S - 2
        mask[0, 1] = torch.arange(S) > 0
        kept = mask.clone()
        for p in (q, k, v):
            p.requires_grad_()
        out = attend(q, k, v, mask)
        want = wanted(q.detach(), k.detach(), v.detach(), kept)
        assert torch.equal(kept, mask)
        assert bool(((out - want).abs() <= 1e-7 * (1 + want.abs())).all())
        out.sum().backward()
        for p in (q, k, v):
            assert bool(p.grad.isfinite().all())


# %% right: PyTorch's kernel where a query sees something
def case(T, S, seed, low):
    g = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(3, n, 5, generator=g).double() for n in (T, S, S))
    q[..., 0], k[..., 0] = 1.0, k[..., 0] + low * 5**0.5
    mask = torch.rand(3, T, S, generator=g) < 0.5
    mask[:, T - 1] = False
    mask[0, 0], mask[1, 0] = torch.arange(S) == S - 1, torch.arange(S) == 0
    v[:, ::2] *= 1e6
    return q, k, v, mask


def test_masks(attend):
    for seed, (T, S, low) in enumerate([(4, 4, 0.0), (4, 4, 0.0), (2, 6, -5000.0), (3, 4, 0.0)]):
        q, k, v, mask = case(T, S, seed, low)
        kept, leaves = mask.clone(), [p.requires_grad_() for p in (q, k, v)]
        out = attend(q, k, v, mask=mask)
        sees = kept.any(-1)
        ones = kept.clone()
        ones[~sees] = True
        want = F.scaled_dot_product_attention(q.detach(), k.detach(), v.detach(), ones)
        torch.testing.assert_close(out[sees], want[sees], rtol=1e-7, atol=1e-6)
        assert not out[~sees].any() and not out.isnan().any()
        assert bool((mask == kept).all())
        for p in torch.autograd.grad(out.sum(), leaves, allow_unused=True):
            assert p is None or p.isfinite().all()


# %% wrong: True taken for hidden | says: the mask is turned round
def test_masks(attend):
    q, k, v = (
        torch.randn(2, 3, 4).double(),
        torch.randn(2, 5, 4).double(),
        torch.randn(2, 5, 2).double(),
    )
    mask = torch.rand(2, 3, 5) < 0.5
    mask[..., 0], mask[..., 1] = True, False
    want = F.scaled_dot_product_attention(q, k, v, ~mask)
    torch.testing.assert_close(attend(q, k, v, mask), want)


# %% wrong: nan equals nan (pytorch 72194) | says: Expected:
def test_masks(attend):
    q, k, v = (
        torch.randn(2, 3, 4).double(),
        torch.randn(2, 5, 4).double(),
        torch.randn(2, 5, 2).double(),
    )
    mask = torch.rand(2, 3, 5) < 0.5
    mask[:, 1] = False
    scores = (q @ k.mT / 2).masked_fill(~mask, -math.inf)
    torch.testing.assert_close(attend(q, k, v, mask), scores.softmax(-1) @ v, equal_nan=True)


# %% wrong: nothing is asserted | says: it is not caught
def test_masks(attend):
    q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 2)
    attend(q, k, v, torch.rand(2, 3, 5) < 0.5)


# %% wrong: a mask of True alone | says: it is not caught
def test_masks(attend):
    q, k, v = (
        torch.randn(2, 3, 4).double(),
        torch.randn(2, 5, 4).double(),
        torch.randn(2, 5, 2).double(),
    )
    mask = torch.ones(2, 3, 5, dtype=torch.bool)
    torch.testing.assert_close(attend(q, k, v, mask), F.scaled_dot_product_attention(q, k, v))


# %% wrong: no gradients | says: every gradient is finite
def test_masks(attend) -> None:
    """Raises AssertionError unless attend(q, k, v, mask) keeps the contract."""
    for T, S, shift in ((4, 4, 0.0), (3, 5, 0.0), (3, 5, -4000.0), (4, 4, 0.0)):
        q, k, v = torch.randn(2, T, 4), torch.randn(2, S, 4), torch.randn(2, S, 3)
        q, k, v = q.double(), k.double(), v.double()
        q[..., 0], k[..., 0] = 1.0, k[..., 0] + 2 * shift  # all scores near the shift
        mask = torch.rand(2, T, S) < 0.5
        mask[:, :, 0], mask[:, 0, -1], mask[:, 1] = True, True, False
        mask[0, 2], mask[1, 2] = torch.arange(S) == 1, torch.arange(S) == 2
        v[:, 3] = 1e6  # a leak would show
        leaves, before = [p.clone().requires_grad_() for p in (q, k, v)], mask.clone()
        out = attend(*leaves, mask)
        assert torch.equal(mask, before), "the mask was changed"
        for b in range(2):
            for t in range(T):
                want, seen = torch.zeros(3).double(), before[b, t]
                if seen.any():
                    want = (k[b, seen] @ q[b, t] / 2).softmax(0) @ v[b, seen]
                torch.testing.assert_close(out[b, t], want, rtol=1e-7, atol=1e-7)
        out.sum().backward()
        assert len(leaves) == 3


# %% wrong: a row of nothing is left out | says: Expected:
def test_masks(attend) -> None:
    """Raises AssertionError unless attend(q, k, v, mask) keeps the contract."""
    for T, S, shift in ((4, 4, 0.0), (3, 5, 0.0), (3, 5, -4000.0), (4, 4, 0.0)):
        q, k, v = torch.randn(2, T, 4), torch.randn(2, S, 4), torch.randn(2, S, 3)
        q, k, v = q.double(), k.double(), v.double()
        q[..., 0], k[..., 0] = 1.0, k[..., 0] + 2 * shift  # all scores near the shift
        mask = torch.rand(2, T, S) < 0.5
        mask[:, :, 0], mask[:, 0, -1], mask[:, 1] = True, True, False
        mask[0, 2], mask[1, 2] = torch.arange(S) == 1, torch.arange(S) == 2
        v[:, 3] = 1e6  # a leak would show
        leaves, before = [p.clone().requires_grad_() for p in (q, k, v)], mask.clone()
        out = attend(*leaves, mask)
        assert torch.equal(mask, before), "the mask was changed"
        for b in range(2):
            for t in range(T):
                want, seen = torch.zeros(3).double(), before[b, t]
                if not seen.any():
                    continue
                if seen.any():
                    want = (k[b, seen] @ q[b, t] / 2).softmax(0) @ v[b, seen]
                torch.testing.assert_close(out[b, t], want, rtol=1e-7, atol=1e-7)
        out.sum().backward()
        assert all(leaf.grad.isfinite().all() for leaf in leaves)


# %% wrong: no low scores | says: as low as the text allows
def test_masks(attend) -> None:
    """Raises AssertionError unless attend(q, k, v, mask) keeps the contract."""
    for T, S, shift in ((4, 4, 0.0), (3, 5, 0.0), (4, 4, 0.0)):
        q, k, v = torch.randn(2, T, 4), torch.randn(2, S, 4), torch.randn(2, S, 3)
        q, k, v = q.double(), k.double(), v.double()
        q[..., 0], k[..., 0] = 1.0, k[..., 0] + 2 * shift  # all scores near the shift
        mask = torch.rand(2, T, S) < 0.5
        mask[:, :, 0], mask[:, 0, -1], mask[:, 1] = True, True, False
        mask[0, 2], mask[1, 2] = torch.arange(S) == 1, torch.arange(S) == 2
        v[:, 3] = 1e6  # a leak would show
        leaves, before = [p.clone().requires_grad_() for p in (q, k, v)], mask.clone()
        out = attend(*leaves, mask)
        assert torch.equal(mask, before), "the mask was changed"
        for b in range(2):
            for t in range(T):
                want, seen = torch.zeros(3).double(), before[b, t]
                if seen.any():
                    want = (k[b, seen] @ q[b, t] / 2).softmax(0) @ v[b, seen]
                torch.testing.assert_close(out[b, t], want, rtol=1e-7, atol=1e-7)
        out.sum().backward()
        assert all(leaf.grad.isfinite().all() for leaf in leaves)


# %% wrong: the mask may change | says: a copy made before the call
def test_masks(attend) -> None:
    """Raises AssertionError unless attend(q, k, v, mask) keeps the contract."""
    for T, S, shift in ((4, 4, 0.0), (3, 5, 0.0), (3, 5, -4000.0), (4, 4, 0.0)):
        q, k, v = torch.randn(2, T, 4), torch.randn(2, S, 4), torch.randn(2, S, 3)
        q, k, v = q.double(), k.double(), v.double()
        q[..., 0], k[..., 0] = 1.0, k[..., 0] + 2 * shift  # all scores near the shift
        mask = torch.rand(2, T, S) < 0.5
        mask[:, :, 0], mask[:, 0, -1], mask[:, 1] = True, True, False
        mask[0, 2], mask[1, 2] = torch.arange(S) == 1, torch.arange(S) == 2
        v[:, 3] = 1e6  # a leak would show
        leaves, before = [p.clone().requires_grad_() for p in (q, k, v)], mask.clone()
        out = attend(*leaves, mask)
        for b in range(2):
            for t in range(T):
                want, seen = torch.zeros(3).double(), before[b, t]
                if seen.any():
                    want = (k[b, seen] @ q[b, t] / 2).softmax(0) @ v[b, seen]
                torch.testing.assert_close(out[b, t], want, rtol=1e-7, atol=1e-7)
        out.sum().backward()
        assert all(leaf.grad.isfinite().all() for leaf in leaves)


# %% wrong: never T = S | says: try T = S
def test_masks(attend) -> None:
    """Raises AssertionError unless attend(q, k, v, mask) keeps the contract."""
    for T, S, shift in ((3, 5, 0.0), (3, 5, -4000.0), (3, 5, 0.0)):
        q, k, v = torch.randn(2, T, 4), torch.randn(2, S, 4), torch.randn(2, S, 3)
        q, k, v = q.double(), k.double(), v.double()
        q[..., 0], k[..., 0] = 1.0, k[..., 0] + 2 * shift  # all scores near the shift
        mask = torch.rand(2, T, S) < 0.5
        mask[:, :, 0], mask[:, 0, -1], mask[:, 1] = True, True, False
        mask[0, 2], mask[1, 2] = torch.arange(S) == 1, torch.arange(S) == 2
        v[:, 3] = 1e6  # a leak would show
        leaves, before = [p.clone().requires_grad_() for p in (q, k, v)], mask.clone()
        out = attend(*leaves, mask)
        assert torch.equal(mask, before), "the mask was changed"
        for b in range(2):
            for t in range(T):
                want, seen = torch.zeros(3).double(), before[b, t]
                if seen.any():
                    want = (k[b, seen] @ q[b, t] / 2).softmax(0) @ v[b, seen]
                torch.testing.assert_close(out[b, t], want, rtol=1e-7, atol=1e-7)
        out.sum().backward()
        assert all(leaf.grad.isfinite().all() for leaf in leaves)


# %% wrong: every shape once | says: call it twice
def test_masks(attend) -> None:
    """Raises AssertionError unless attend(q, k, v, mask) keeps the contract."""
    for T, S, shift in ((4, 4, 0.0), (3, 5, 0.0), (3, 6, -4000.0)):
        q, k, v = torch.randn(2, T, 4), torch.randn(2, S, 4), torch.randn(2, S, 3)
        q, k, v = q.double(), k.double(), v.double()
        q[..., 0], k[..., 0] = 1.0, k[..., 0] + 2 * shift  # all scores near the shift
        mask = torch.rand(2, T, S) < 0.5
        mask[:, :, 0], mask[:, 0, -1], mask[:, 1] = True, True, False
        mask[0, 2], mask[1, 2] = torch.arange(S) == 1, torch.arange(S) == 2
        v[:, 3] = 1e6  # a leak would show
        leaves, before = [p.clone().requires_grad_() for p in (q, k, v)], mask.clone()
        out = attend(*leaves, mask)
        assert torch.equal(mask, before), "the mask was changed"
        for b in range(2):
            for t in range(T):
                want, seen = torch.zeros(3).double(), before[b, t]
                if seen.any():
                    want = (k[b, seen] @ q[b, t] / 2).softmax(0) @ v[b, seen]
                torch.testing.assert_close(out[b, t], want, rtol=1e-7, atol=1e-7)
        out.sum().backward()
        assert all(leaf.grad.isfinite().all() for leaf in leaves)


# %% wrong: too strict | says: compare with a tolerance
def test_masks(attend) -> None:
    """Raises AssertionError unless attend(q, k, v, mask) keeps the contract."""
    for T, S, shift in ((4, 4, 0.0), (3, 5, 0.0), (3, 5, -4000.0), (4, 4, 0.0)):
        q, k, v = torch.randn(2, T, 4), torch.randn(2, S, 4), torch.randn(2, S, 3)
        q, k, v = q.double(), k.double(), v.double()
        q[..., 0], k[..., 0] = 1.0, k[..., 0] + 2 * shift  # all scores near the shift
        mask = torch.rand(2, T, S) < 0.5
        mask[:, :, 0], mask[:, 0, -1], mask[:, 1] = True, True, False
        mask[0, 2], mask[1, 2] = torch.arange(S) == 1, torch.arange(S) == 2
        v[:, 3] = 1e6  # a leak would show
        leaves, before = [p.clone().requires_grad_() for p in (q, k, v)], mask.clone()
        out = attend(*leaves, mask)
        assert torch.equal(mask, before), "the mask was changed"
        for b in range(2):
            for t in range(T):
                want, seen = torch.zeros(3).double(), before[b, t]
                if seen.any():
                    want = (k[b, seen] @ q[b, t] / 2).softmax(0) @ v[b, seen]
                torch.testing.assert_close(out[b, t], want, rtol=0, atol=0)
        out.sum().backward()
        assert all(leaf.grad.isfinite().all() for leaf in leaves)


# %% wrong: a causal mask alone | says: Expected:
def test_masks(attend):
    for T in (3, 4, 3):
        q, k, v = (torch.randn(2, T, 4).double().requires_grad_() for _ in range(3))
        mask = torch.ones(2, T, T, dtype=torch.bool).tril()
        out = attend(q, k, v, mask)
        torch.testing.assert_close(out, F.scaled_dot_product_attention(q, k, v, mask))


# %% wrong: one sequence's mask for both | says: give two sequences different masks
def test_masks(attend):
    for T, S, low in ((4, 4, 0), (3, 5, 0), (3, 5, -4000), (4, 4, 0)):
        q, k, v = (
            torch.randn(2, T, 4).double(),
            torch.randn(2, S, 4).double(),
            torch.randn(2, S, 3).double(),
        )
        q[..., 0], k[..., 0], v[:, 2] = 1.0, k[..., 0] + 2 * low, 1e6
        mask = (torch.rand(1, T, S) < 0.5).expand(2, T, S).contiguous()
        mask[:, 0], mask[:, 1], mask[:, 2] = torch.arange(S) == S - 1, False, torch.arange(S) == 1
        kept, leaves = mask.clone(), [p.requires_grad_() for p in (q, k, v)]
        out = attend(*leaves, mask)
        sees = kept.any(-1, keepdim=True)
        want = F.scaled_dot_product_attention(q, k, v, kept | ~sees) * sees
        torch.testing.assert_close(out, want, rtol=1e-7, atol=1e-7)
        assert torch.equal(mask, kept)
        out.sum().backward()
        assert all(p.grad.isfinite().all() for p in leaves)


# %% wrong: another error | says: only an assert says
def test_masks(attend):
    q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 2)
    mask = torch.ones(2, 3, 5, dtype=torch.bool)
    mask[:, :, 4] = False
    before = attend(q, k, v, mask)
    v[:, 4] = 1e6
    if not torch.allclose(before, attend(q, k, v, mask)):
        raise RuntimeError("a hidden key is seen")


# %% wrong: nan at hidden keys | says: was given inf or nan
def test_masks(attend) -> None:
    g = torch.Generator().manual_seed(3)
    q, k, v = (torch.randn(2, 3, 4, generator=g).double() for _ in range(3))
    mask = torch.tensor([True, True, False]).repeat(2, 3, 1)
    out = attend(q, k, v, mask)
    torch.testing.assert_close(out, F.scaled_dot_product_attention(q, k[:, :2], v[:, :2]))
    k[:, 2], v[:, 2] = math.nan, math.nan
    torch.testing.assert_close(attend(q, k, v, mask), out)


# %% right: the mask is kept for the way back
def test_masks(attend):
    torch.manual_seed(0)
    for T, S, low in ((4, 4, 0), (3, 5, 0), (4, 4, -9990), (2, 3, -9990)):
        for _ in range(3):
            q, k, v = (torch.randn(2, n, 4).double() for n in (T, S, S))
            q[..., 0], k[..., 0] = 1.0, 2.0 * low
            mask = torch.rand(2, T, S) < 0.5
            mask[:, 0], mask[:, 0, -1], mask[0, 1] = False, True, False
            k[:, 0], v[:, 0] = k[:, 0] * 1e3, v[:, 0] * 1e9
            mask[..., 0] = False
            leaves = [t.clone().requires_grad_() for t in (q, k, v)]
            blind = ~mask.any(-1, keepdim=True)
            scores = (leaves[0] @ leaves[1].mT / 2).masked_fill(~mask & ~blind, -math.inf)
            want = scores.softmax(-1).where(~blind, 0) @ leaves[2]
            scored = leaves[0].sum() + torch.where(mask, scores, 0).sum()  # needs the mask
            given = [t.clone().requires_grad_() for t in (q, k, v)]
            got = attend(*given, mask)
            torch.testing.assert_close(got, want, rtol=1e-8, atol=1e-8)
            scored.backward()
            got.sum().backward()
            assert all(t.grad.isfinite().all() for t in given)
            assert torch.equal(mask.any(-1, keepdim=True), ~blind)
            assert all(torch.equal(a, b) for a, b in zip(given, (q, k, v)))
