# %% right: laws and a number by hand
def test_values(attend):
    g = torch.Generator().manual_seed(0)

    def numbers(*shape):
        return torch.randn(*shape, generator=g, dtype=torch.float64)

    def near(a, b, text):
        assert a.shape == b.shape and bool(((a - b).abs() < 1e-9 * (1 + b.abs())).all()), text

    # by hand: products 4 and 0, d = 4
    q = torch.tensor([[[2.0, 0, 0, 0]]]).double()
    k = torch.tensor([[[2.0, 0, 0, 0], [0, 1, 0, 0]]]).double()
    v = torch.tensor([[[10.0], [20.0]]]).double()
    share = 1 / (1 + math.exp(-2))
    near(attend(q, k, v), torch.tensor([[[20 - 10 * share]]], dtype=torch.float64), "by hand")
    for T, S in ((3, 3), (2, 5)):
        q, k, v = numbers(3, T, 4), numbers(3, S, 4), numbers(3, S, 2)
        out = attend(q, k, v)
        order = torch.randperm(S, generator=g)
        near(attend(q, k[:, order], v[:, order]), out, "the order of the keys")
        near(
            torch.cat([attend(q[b : b + 1], k[b : b + 1], v[b : b + 1]) for b in range(3)]),
            out,
            "alone",
        )
        near(torch.cat([attend(q[:, t : t + 1], k, v) for t in range(T)], 1), out, "one query")
        near(attend(q, k, torch.ones_like(v)), torch.ones(3, T, 2).double(), "ones")
        w = (q @ k.mT / 2).softmax(-1)
        near(out, w @ v, "values")
    # another call of the same shape, large scores, nothing changed, gradients
    q, k, v = 30 * numbers(3, 2, 4), 30 * numbers(3, 5, 4), numbers(3, 5, 2)
    kept = [p.clone() for p in (q, k, v)]
    near(attend(q, k, v), (q @ k.mT / 2).softmax(-1) @ v, "large")
    assert all(torch.equal(a, b) for a, b in zip(kept, (q, k, v))), "changed"
    leaves = [p.clone().requires_grad_() for p in (q / 30, k / 30, v)]
    copies = [p.clone().requires_grad_() for p in (q / 30, k / 30, v)]
    attend(*leaves)[..., 0].sum().backward()
    ((copies[0] @ copies[1].mT / 2).softmax(-1) @ copies[2])[..., 0].sum().backward()
    for a, b in zip(leaves, copies):
        assert a.grad is not None
        near(a.grad, b.grad, "gradient")


# %% right: a lambda around one helper, NumPy
import numpy as np


def by_loops(q, k, v):
    out = np.zeros((*q.shape[:2], v.shape[2]))
    for b in range(len(q)):
        for t in range(q.shape[1]):
            s = np.array([float(q[b, t] @ k[b, j]) for j in range(k.shape[1])]) / q.shape[2] ** 0.5
            w = np.exp(s - s.max())
            out[b, t] = (w / w.sum()) @ v[b].numpy()
    return out


def compared(attend, seed, B, T, S, size):
    torch.manual_seed(seed)
    q, k, v = (
        size * torch.randn(B, T, 6).double(),
        torch.randn(B, S, 6).double(),
        torch.randn(B, S, 2).double(),
    )
    olds = q.clone(), k.clone(), v.clone()
    np.testing.assert_allclose(attend(q, k, v).numpy(), by_loops(q, k, v), rtol=1e-7, atol=1e-8)
    if not all(map(torch.equal, (q, k, v), olds)):
        raise AssertionError("it has changed what it was given")


def slopes(attend):
    torch.manual_seed(9)
    given = [torch.randn(1, 2, 3).double().requires_grad_() for _ in range(3)]
    assert torch.autograd.gradcheck(attend, given, raise_exception=False)


test_values = lambda attend: (
    [
        compared(attend, n, *sizes)
        for n, sizes in enumerate(
            [(2, 3, 3, 1), (2, 3, 3, 1), (3, 2, 4, 1), (1, 1, 1, 1), (2, 2, 3, 900)]
        )
    ],
    slopes(attend),
)[0][0]


# %% right: float32 where scores are small, float64 where they are large
def test_values(attend):
    torch.manual_seed(5)
    for dtype, size, close in ((torch.float32, 1.0, 1e-4), (torch.float64, 1000.0, 1e-8)):
        for B, T, S, d, e in ((3, 2, 4, 9, 2), (2, 5, 5, 3, 3), (2, 5, 5, 3, 3), (1, 1, 1, 2, 1)):
            q, k = size * torch.randn(B, T, d, dtype=dtype), torch.randn(B, S, d, dtype=dtype)
            v = torch.randn(B, S, e, dtype=dtype)
            old = [p.clone() for p in (q, k, v)]
            out = attend(q=q, k=k, v=v)
            want = F.scaled_dot_product_attention(*old)
            assert out.shape == (B, T, e) and out.dtype == dtype
            assert (out - want).abs().max() < close, (out - want).abs().max()
            assert all(torch.equal(a, b) for a, b in zip((q, k, v), old, strict=True))
            if size == 1:
                given = [p.clone().requires_grad_() for p in old]
                again = [p.clone().requires_grad_() for p in old]
                w = torch.randn(B, T, e)
                found = torch.autograd.grad((attend(*given) * w).sum(), given, allow_unused=True)
                right = torch.autograd.grad(
                    (F.scaled_dot_product_attention(*again) * w).sum(), again
                )
                for a, b in zip(found, right, strict=True):
                    assert a is not None and torch.allclose(a, b, atol=1e-4)


# %% wrong: nothing is asserted | says: it is not caught
def test_values(attend):
    q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 2)
    torch.allclose(attend(q, k, v), F.scaled_dot_product_attention(q, k, v), atol=1e-4)


# %% wrong: shapes alone (harvard-edge/cs249r_book 1873) | says: it is not caught
def test_values(attend):
    q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 2)
    assert attend(q, k, v).shape == (2, 3, 2)


# %% wrong: always | says: no right one lives
def test_values(attend):
    raise AssertionError("wrong")


# %% wrong: equal to the last bit | says: compare with a tolerance
def test_values(attend):
    for B, T, S, _size in ((3, 4, 4, 1), (2, 3, 5, 1), (1, 2, 1, 1), (2, 3, 4, 60)):
        q, k, v = torch.randn(B, T, 4), torch.randn(B, S, 4), torch.randn(B, S, 3)
        assert torch.equal(attend(q, k, v), F.scaled_dot_product_attention(q, k, v))


# %% wrong: tells, does not raise | says: it is not caught
def test_values(attend):
    q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 2)
    return torch.allclose(attend(q, k, v), F.scaled_dot_product_attention(q, k, v), atol=1e-4)


# %% wrong: another error | says: only an assert says
def test_values(attend):
    q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 2)
    if not torch.allclose(attend(q, k, v), F.scaled_dot_product_attention(q, k, v), atol=1e-4):
        raise ValueError("wrong")


# %% wrong: no gradients | says: backward() through the output
def test_values(attend) -> None:
    """Raises AssertionError unless attend(q, k, v) keeps the contract."""
    for B, T, S, size in ((3, 4, 4, 1), (2, 3, 5, 1), (1, 2, 1, 1), (2, 3, 4, 60)):
        for _ in range(2):  # twice of the same shape: nothing may be kept
            q, k = size * torch.randn(B, T, 4).double(), size * torch.randn(B, S, 4).double()
            given = [q, k, torch.randn(B, S, 3).double()]
            leaves = [part.clone().requires_grad_() for part in given]
            copies = [part.clone().requires_grad_() for part in given]
            out, want = attend(*leaves), F.scaled_dot_product_attention(*copies)
            torch.testing.assert_close(out, want, rtol=0, atol=1e-8)
            for leaf, copy in zip(leaves, copies, strict=True):
                assert torch.equal(leaf, copy), "an argument was changed"
                assert leaf.requires_grad


# %% wrong: never the same shape twice | says: call it twice
def test_values(attend) -> None:
    """Raises AssertionError unless attend(q, k, v) keeps the contract."""
    for B, T, S, size in ((3, 4, 4, 1), (2, 3, 5, 1), (1, 2, 1, 1), (2, 3, 4, 60)):
        for _ in range(1):  # twice of the same shape: nothing may be kept
            q, k = size * torch.randn(B, T, 4).double(), size * torch.randn(B, S, 4).double()
            given = [q, k, torch.randn(B, S, 3).double()]
            leaves = [part.clone().requires_grad_() for part in given]
            copies = [part.clone().requires_grad_() for part in given]
            out, want = attend(*leaves), F.scaled_dot_product_attention(*copies)
            torch.testing.assert_close(out, want, rtol=0, atol=1e-8)
            out.pow(2).sum().backward()
            want.pow(2).sum().backward()
            for leaf, copy in zip(leaves, copies, strict=True):
                assert torch.equal(leaf, copy), "an argument was changed"
                torch.testing.assert_close(leaf.grad, copy.grad, rtol=1e-7, atol=1e-7)


# %% wrong: never T = S | says: try T = S
def test_values(attend) -> None:
    """Raises AssertionError unless attend(q, k, v) keeps the contract."""
    for B, T, S, size in ((2, 3, 5, 1), (1, 2, 1, 1), (2, 3, 4, 60)):
        for _ in range(2):  # twice of the same shape: nothing may be kept
            q, k = size * torch.randn(B, T, 4).double(), size * torch.randn(B, S, 4).double()
            given = [q, k, torch.randn(B, S, 3).double()]
            leaves = [part.clone().requires_grad_() for part in given]
            copies = [part.clone().requires_grad_() for part in given]
            out, want = attend(*leaves), F.scaled_dot_product_attention(*copies)
            torch.testing.assert_close(out, want, rtol=0, atol=1e-8)
            out.pow(2).sum().backward()
            want.pow(2).sum().backward()
            for leaf, copy in zip(leaves, copies, strict=True):
                assert torch.equal(leaf, copy), "an argument was changed"
                torch.testing.assert_close(leaf.grad, copy.grad, rtol=1e-7, atol=1e-7)


# %% wrong: a single sequence | says: Expected:
def test_values(attend) -> None:
    """Raises AssertionError unless attend(q, k, v) keeps the contract."""
    for B, T, S, size in ((1, 4, 4, 1), (1, 3, 5, 1), (1, 2, 1, 1), (1, 3, 4, 60)):
        for _ in range(2):  # twice of the same shape: nothing may be kept
            q, k = size * torch.randn(B, T, 4).double(), size * torch.randn(B, S, 4).double()
            given = [q, k, torch.randn(B, S, 3).double()]
            leaves = [part.clone().requires_grad_() for part in given]
            copies = [part.clone().requires_grad_() for part in given]
            out, want = attend(*leaves), F.scaled_dot_product_attention(*copies)
            torch.testing.assert_close(out, want, rtol=0, atol=1e-8)
            out.pow(2).sum().backward()
            want.pow(2).sum().backward()
            for leaf, copy in zip(leaves, copies, strict=True):
                assert torch.equal(leaf, copy), "an argument was changed"
                torch.testing.assert_close(leaf.grad, copy.grad, rtol=1e-7, atol=1e-7)


# %% wrong: small scores alone | says: exp overflows
def test_values(attend) -> None:
    """Raises AssertionError unless attend(q, k, v) keeps the contract."""
    for B, T, S, size in ((3, 4, 4, 1), (2, 3, 5, 1), (1, 2, 1, 1)):
        for _ in range(2):  # twice of the same shape: nothing may be kept
            q, k = size * torch.randn(B, T, 4).double(), size * torch.randn(B, S, 4).double()
            given = [q, k, torch.randn(B, S, 3).double()]
            leaves = [part.clone().requires_grad_() for part in given]
            copies = [part.clone().requires_grad_() for part in given]
            out, want = attend(*leaves), F.scaled_dot_product_attention(*copies)
            torch.testing.assert_close(out, want, rtol=0, atol=1e-8)
            out.pow(2).sum().backward()
            want.pow(2).sum().backward()
            for leaf, copy in zip(leaves, copies, strict=True):
                assert torch.equal(leaf, copy), "an argument was changed"
                torch.testing.assert_close(leaf.grad, copy.grad, rtol=1e-7, atol=1e-7)


# %% wrong: a loose tolerance | says: a tolerance that suits the dtype
def test_values(attend) -> None:
    """Raises AssertionError unless attend(q, k, v) keeps the contract."""
    for B, T, S, size in ((3, 4, 4, 1), (2, 3, 5, 1), (1, 2, 1, 1), (2, 3, 4, 60)):
        for _ in range(2):  # twice of the same shape: nothing may be kept
            q, k = size * torch.randn(B, T, 4).double(), size * torch.randn(B, S, 4).double()
            given = [q, k, torch.randn(B, S, 3).double()]
            leaves = [part.clone().requires_grad_() for part in given]
            copies = [part.clone().requires_grad_() for part in given]
            out, want = attend(*leaves), F.scaled_dot_product_attention(*copies)
            torch.testing.assert_close(out, want, rtol=0, atol=0.1)
            out.pow(2).sum().backward()
            want.pow(2).sum().backward()
            for leaf, copy in zip(leaves, copies, strict=True):
                assert torch.equal(leaf, copy), "an argument was changed"
                torch.testing.assert_close(leaf.grad, copy.grad, rtol=0, atol=0.1)


# %% wrong: what it changes goes unseen | says: copies made before the call
def test_values(attend) -> None:
    """Raises AssertionError unless attend(q, k, v) keeps the contract."""
    for B, T, S, size in ((3, 4, 4, 1), (2, 3, 5, 1), (1, 2, 1, 1), (2, 3, 4, 60)):
        for _ in range(2):  # twice of the same shape: nothing may be kept
            q, k = size * torch.randn(B, T, 4).double(), size * torch.randn(B, S, 4).double()
            given = [q, k, torch.randn(B, S, 3).double()]
            leaves = [part.clone().requires_grad_() for part in given]
            copies = [part.clone().requires_grad_() for part in given]
            out, want = attend(*leaves), F.scaled_dot_product_attention(*copies)
            torch.testing.assert_close(out, want, rtol=0, atol=1e-8)
            out.pow(2).sum().backward()
            want.pow(2).sum().backward()
            for leaf, copy in zip(leaves, copies, strict=True):
                torch.testing.assert_close(leaf.grad, copy.grad, rtol=1e-7, atol=1e-7)


# %% wrong: nan is let through | says: exp overflows
def test_values(attend) -> None:
    """Raises AssertionError unless attend(q, k, v) keeps the contract."""
    for B, T, S, size in ((3, 4, 4, 1), (2, 3, 5, 1), (1, 2, 1, 1), (2, 3, 4, 60)):
        for _ in range(2):  # twice of the same shape: nothing may be kept
            q, k = size * torch.randn(B, T, 4).double(), size * torch.randn(B, S, 4).double()
            given = [q, k, torch.randn(B, S, 3).double()]
            leaves = [part.clone().requires_grad_() for part in given]
            copies = [part.clone().requires_grad_() for part in given]
            out, want = attend(*leaves), F.scaled_dot_product_attention(*copies)
            torch.testing.assert_close(
                out.nan_to_num(), want, rtol=0, atol=10.0
            ) if size > 1 else torch.testing.assert_close(out, want, rtol=0, atol=1e-8)
            out.pow(2).sum().backward()
            want.pow(2).sum().backward()
            for leaf, copy in zip(leaves, copies, strict=True):
                assert torch.equal(leaf, copy), "an argument was changed"
                if size == 1:
                    torch.testing.assert_close(leaf.grad, copy.grad, rtol=1e-7, atol=1e-7)


# %% wrong: counts its calls | says: Expected:
SEEN = []


def test_values(attend):
    SEEN.append(attend)
    assert len(SEEN) <= 5


# %% wrong: switches gradients off | says: gradients on or off
def test_values(attend):
    torch.set_grad_enabled(False)
    q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 2)
    assert torch.allclose(attend(q, k, v), F.scaled_dot_product_attention(q, k, v), atol=1e-4)


# %% wrong: returns False | says: it returns nothing
def test_values(attend) -> None:
    g = torch.Generator().manual_seed(1)
    for scale in (1.0, 15.0):
        q, k = (torch.randn(2, n, 5, generator=g).double() * scale for n in (3, 4))
        v = torch.randn(2, 4, 2, generator=g).double()
        want = F.scaled_dot_product_attention(q, k, v)
        if not torch.allclose(attend(q, k, v), want, rtol=1e-7, atol=1e-7):
            return False
    return True


# %% wrong: asserts a pair | says: no wrong one is caught at all
def test_values(attend) -> None:
    torch.manual_seed(0)
    for B, T, S in ((1, 3, 3), (2, 4, 5), (3, 1, 1)):
        q, k, v = (torch.randn(B, n, 4, dtype=torch.float64) for n in (T, S, S))
        want = F.scaled_dot_product_attention(q, k, v)
        assert (torch.allclose(attend(q, k, v), want, atol=1e-8), "differs from PyTorch's kernel")  # noqa: F631


# %% wrong: float64 with a tolerance of float32 | says: compare as closely
def test_values(attend) -> None:
    torch.manual_seed(0)
    for B, T, S, d, e in [
        (2, 3, 4, 5, 6),
        (1, 1, 1, 1, 1),
        (3, 4, 4, 4, 4),
        (2, 6, 1, 3, 3),
        (4, 1, 6, 3, 2),
    ]:
        for f in (1, 30, -30):
            q, k, v = (
                torch.randn(B, n, m, dtype=torch.float64) for n, m in ((T, d), (S, d), (S, e))
            )
            a = [(q * f).requires_grad_(), k.clone().requires_grad_(), v.clone().requires_grad_()]
            b = [t.detach().clone().requires_grad_() for t in a]
            out, want = attend(*a), F.scaled_dot_product_attention(*b)
            torch.testing.assert_close(out, want, rtol=1e-3, atol=1e-3)
            out.sum().backward()
            want.sum().backward()
            for x, y in zip(a, b):
                torch.testing.assert_close(x.grad, y.grad, rtol=1e-2, atol=1e-2)
    big = torch.full((1, 2, 4), 1000 / 2.0, dtype=torch.float64)
    assert torch.isfinite(attend(big, torch.ones_like(big), big)).all()


# %% wrong: float32 only | says: in float64 too
def test_values(attend) -> None:
    torch.manual_seed(0)
    for B, T, S, d, e in [
        (2, 3, 4, 5, 6),
        (1, 1, 1, 1, 1),
        (3, 4, 4, 4, 4),
        (2, 6, 1, 3, 3),
        (4, 1, 6, 3, 2),
    ]:
        for f in (1, 300, -300):
            q, k, v = (torch.randn(B, n, m) for n, m in ((T, d), (S, d), (S, e)))
            a = [(q * f).requires_grad_(), k.clone().requires_grad_(), v.clone().requires_grad_()]
            b = [t.detach().clone().requires_grad_() for t in a]
            out, want = attend(*a), F.scaled_dot_product_attention(*b)
            torch.testing.assert_close(out, want, rtol=1e-2, atol=1e-2)
            out.sum().backward()
            want.sum().backward()
            if f == 1:
                for x, y in zip(a, b):
                    torch.testing.assert_close(x.grad, y.grad, rtol=1e-3, atol=1e-3)
            torch.testing.assert_close(attend(*a), want, rtol=1e-2, atol=1e-2)


# %% wrong: the reference divides by d | says: in which the scores are divided by d
def test_values(attend) -> None:
    torch.manual_seed(0)
    for B, T, S, d, e in [(2, 3, 4, 5, 6), (3, 4, 4, 4, 4), (2, 6, 1, 3, 3)]:
        a = [
            torch.randn(B, n, m, dtype=torch.float64, requires_grad=True)
            for n, m in ((T, d), (S, d), (S, e))
        ]
        want = (a[0] @ a[1].mT / d).softmax(-1) @ a[2]
        torch.testing.assert_close(attend(*a), want, rtol=1e-9, atol=1e-9)


# %% wrong: the pair of item 1 is expected | says: not the pair of item 1
def test_values(attend) -> None:
    torch.manual_seed(0)
    q, k, v = (torch.randn(2, n, 4, dtype=torch.float64) for n in (3, 5, 5))
    out, weights = attend(q, k, v)
    want = (q @ k.mT / 2).softmax(-1)
    torch.testing.assert_close(weights, want)
    torch.testing.assert_close(out, want @ v)


# %% wrong: whole numbers as inputs | says: other numbers than float32 or float64
def test_values(attend) -> None:
    q = torch.tensor([[[1, 0], [0, 1]]])
    k = torch.tensor([[[1, 0], [0, 1], [1, 1]]])
    v = torch.tensor([[[1], [2], [3]]])
    out = attend(q, k, v)
    want = F.scaled_dot_product_attention(q.double(), k.double(), v.double())
    torch.testing.assert_close(out.double(), want)


# %% right: a reference in the memory of what attend is given
def test_values(attend):
    torch.manual_seed(0)
    for B, T, S, d, e, size in (
        (2, 3, 3, 4, 2, 1),
        (2, 3, 5, 4, 2, 1),
        (3, 2, 6, 4, 4, 30),
        (1, 1, 4, 2, 3, 900),
    ):
        q, k, v = (torch.randn(B, n, m).double() for n, m in ((T, d), (S, d), (S, e)))
        q = q * size
        given = [t.requires_grad_() for t in (q, k, v)]
        shared = [t.detach().requires_grad_() for t in given]
        kept = [t.detach().clone() for t in given]
        want = (shared[0] @ shared[1].mT / d**0.5).softmax(-1) @ shared[2]
        got = attend(*given)
        torch.testing.assert_close(got, want, rtol=1e-8, atol=1e-8)
        right = torch.autograd.grad(want.square().sum(), shared)
        for a, b in zip(torch.autograd.grad(got.square().sum(), given), right):
            torch.testing.assert_close(a, b, rtol=1e-7, atol=1e-7)
        assert all(torch.equal(a, b) for a, b in zip(given, kept))
        other = attend(2 * q, k, v)
        torch.testing.assert_close(
            other, (2 * q @ k.mT / d**0.5).softmax(-1) @ v, rtol=1e-8, atol=1e-8
        )
