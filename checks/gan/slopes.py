"""Items 8 and 9: the gradient penalty and the largest singular value."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from checks.calls import Case, call, gradient, item, judge
from checks.compare import Wrong, fail, kind, pair, tensor
from checks.given import near_one
from checks.values import alike
from helpers.models import gan, spectral


class Critic(nn.Module):
    """f(x) = tanh(x W) v, whose slope is worked out by hand: that of tanh is 1 - tanh^2.

    Not quite W: its own factors are no parameter, so that only its calls know its slope.
    """

    def __init__(self, W: Tensor, v: Tensor, column: bool, size: tuple) -> None:
        super().__init__()
        self._parameters |= {"W": W, "v": v}  # these tensors themselves, for their gradients
        self.column, self.size, self.own = column, size, near_one(*W.shape).to(W.dtype)

    def inside(self, x: Tensor) -> tuple[Tensor, Tensor]:
        M = self.own * self.W
        return torch.tanh(x.flatten(1) @ M), M

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[1:] != self.size:
            wants = f"(B, {', '.join(map(str, self.size))})"
            raise ValueError(f"x of shape {tuple(x.shape)}: this critic takes {wants}")
        f = self.inside(x)[0] @ self.v  # (B,)
        return f[:, None] if self.column else f

    def slope(self, x: Tensor) -> Tensor:
        h, M = self.inside(x)
        return ((1 - h**2) * self.v @ M.T).view(x.shape)


def mixture(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    return real + share.view(-1, *[1] * (real.ndim - 1)) * (fake - real)


def norm_mistakes(of, slope: Tensor, k) -> dict:
    """of: the penalty of some norms; slope: at the right points."""
    size, B = slope.shape[1:], len(slope)
    norms = slope.flatten(1).norm(dim=1)
    found = {
        "one norm for each example, not one for the whole batch": of(norms.norm()),
        "the slope of each f, not of their mean: sum over the batch before autograd.grad": of(
            norms / B
        ),
        "a mean over the examples, not a sum": B * of(norms),
        "the norm, not its square, is compared with k": of(norms**2),
        "the norm's distance from k is squared": (norms - k).abs().mean(),
        "the norm's distance from k is squared, before the mean": (norms.mean() - k) ** 2,
        "this is the mean of the distances, which may cancel: square each": (norms - k).mean(),
        "k is not subtracted": (norms**2).mean(),
        "k is not used: the paper's 1 stands in its place": ((norms - 1) ** 2).mean(),
        "slopes below k count too": ((norms - k).clamp_min(0) ** 2).mean(),
        "a norm is a root of a sum, not of a mean": of(norms / size.numel() ** 0.5),
        "a norm is the root of a sum of squares, not a sum of sizes": of(
            slope.flatten(1).abs().sum(1)
        ),
        "half of the penalty": of(norms) / 2,
    }
    if len(size) > 1:
        text = "of a matrix ord=2 is the largest singular value: flatten the examples first"
        found[text] = of(torch.linalg.matrix_norm(slope.flatten(2), 2))
    for dim in range(1, len(size) + 1 if len(size) > 1 else 1):
        text = f"the norm runs over all numbers of an example, not over axis {dim} only"
        found[text] = of(slope.norm(dim=dim))
    return found


def penalty_mistakes(
    value, of, slope: Tensor, real: Tensor, fake: Tensor, share: Tensor, k
) -> dict:
    """value: the penalty at some points; of: the penalty of some norms; slope: at the right points."""
    size, B = real.shape[1:], len(real)

    def mixed(s: Tensor) -> Tensor:
        return mixture(real, fake, s)

    return norm_mistakes(of, slope, k) | {
        "share 0 is the real example, 1 the generated one": value(mixed(1 - share)),
        "each pair has its own share": value(mixed(share[:1].expand(B))),
        "each pair has its own share, not the mean of all": value(mixed(0 * share + share.mean())),
        "the slope is wanted at the mixed points, not at the real ones": value(real),
        "the slope is wanted at the mixed points, not at the generated ones": value(fake),
        "the slope is wanted at the mixed points, not half-way": value(mixed(0 * share + 0.5)),
        "share (B,) has spread along the last axis: give it the shape (B, 1, ...)": value(
            real + share * (fake - real)
        ) if size[-1] == B else None,
    }  # fmt: skip


def penalty_case(B, size, k, seed, column=False, dtype="float64") -> Case:
    generator = torch.Generator().manual_seed(seed)

    def numbers(*shape: int, draw=torch.randn) -> Tensor:
        drawn = draw(*shape, generator=generator, dtype=torch.float64)
        return drawn.to(getattr(torch, dtype))

    n = torch.Size(size).numel()
    real, fake, share = numbers(B, *size), numbers(B, *size), numbers(B, draw=torch.rand)
    W, v = numbers(n, 4) / n**0.5, numbers(4)
    critic = Critic(W.requires_grad_(), v.requires_grad_(), column, size).train(seed % 2 == 0)
    v.grad = torch.ones_like(v)  # what an earlier step has left
    hand = Critic(W.detach(), v.detach(), column, size)

    def of(norms: Tensor) -> Tensor:
        return ((norms - k) ** 2).mean()

    def value(x: Tensor) -> Tensor:
        return of(hand.slope(x).flatten(1).norm(dim=1))

    want = value(mixture(real, fake, share))
    gives = "(B, 1)" if column else "(B,)"
    tried = f"gradient_penalty of examples {(B, *size)}, {k=}, critic to {gives}"
    tried += f", {dtype}" * (dtype != "float64")
    return Case(
        tried,
        (critic, real, fake, share, k),
        want,
        lambda: penalty_mistakes(
            value, of, hand.slope(mixture(real, fake, share)), real, fake, share, k
        ),
    )


def drawn(gradient_penalty, case: Case) -> str:
    """What is said of a penalty that is another at each call."""
    values = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        try:
            values.append(call(gradient_penalty, *case.arguments, tried=case.tried))
        except Wrong:
            return ""
    return "" if alike(*values, 1e-6) else "nothing is drawn: the shares are given"


@item("Item 8, gradient_penalty")
def check_penalty(gradient_penalty, B, size, k, seed, column=False, dtype="float64") -> None:
    """size: the shape of one example; column: the critic gives (B, 1)."""
    case, near = penalty_case(B, size, k, seed, column, dtype), 1e-9 if dtype == "float64" else 1e-5
    sizes = (1, (2,), 1.5, 11), (2, (3,), 0.5, 12), (2, (1, 2, 2), 0.7, 13)
    probes = (penalty_case(*one) for one in sizes)
    own = {"without": (gan.gradient_penalty,)}
    try:
        came = judge(gradient_penalty, case, probes, tensor, near, **own)
    except Wrong as wrong:
        wrong.likely = wrong.likely or drawn(gradient_penalty, case)
        raise
    critic, *rest = case.arguments
    if not isinstance(came, Tensor):
        likely = "a number of Python's has no gradient: no .item(), no float()"
        fail(case.tried, "a torch.Tensor, to be differentiated", kind(came), likely)
    if not came.requires_grad:
        likely = "torch.autograd.grad(..., create_graph=True), and no .detach() after it"
        fail(f"{case.tried}, to be differentiated", "a graph", "requires_grad=False", likely)
    told = "what stands in the critic's .grad as it was"
    if critic.v.grad is None:
        fail(case.tried, told, "none", "zero_grad() of the critic, which does not learn here")
    if critic.W.grad is not None or not critic.v.grad.eq(1).all():
        likely = "torch.autograd.grad(...) in place of .backward(), which fills every .grad"
        fail(case.tried, told, "another", likely)
    real, fake, share = rest[:3]
    x = real + share.view(-1, *[1] * len(size)) * (fake - real)

    def reference(W: Tensor, v: Tensor) -> Tensor:
        norms = Critic(W, v, column, size).slope(x).flatten(1).norm(dim=1)
        return ((norms - k) ** 2).mean()

    gradient(
        lambda W, v: gradient_penalty(Critic(W, v, column, size), *rest), reference,
        (critic.W, critic.v), f"{case.tried}, by the critic's weights", tolerance=10 * near, **own,
    )  # fmt: skip


class Powers:
    """What power iteration gives after so many half steps, by the singular value decomposition."""

    def __init__(self, w: Tensor, start: Tensor) -> None:
        self.W, self.start = w.reshape(w.shape[0], -1), start
        self.left, self.S, self.right = torch.linalg.svd(self.W, full_matrices=False)
        self.part = self.left.T @ start  # each half step multiplies these by the singular values

    def after(self, halves: int) -> Tensor:
        """u after an even number of half steps, v after an odd one, not yet of length 1."""
        basis = self.right.T if halves % 2 else self.left
        return basis @ (self.S**halves * self.part)

    def unit(self, halves: int) -> Tensor:
        return self.after(halves) / self.after(halves).norm()

    def estimate(self, steps: float) -> Tensor:
        return self.after(int(2 * steps)).norm() / self.after(int(2 * steps - 1)).norm()


def not_s(powers: Powers, w: Tensor, steps: int, short: bool) -> dict:
    s, S = powers.estimate(steps), powers.S
    before = powers.start if steps == 1 else powers.unit(2 * steps - 2)
    found = {
        "this is the exact one: the estimate after so many steps from u is asked": S[0],
        "this is the square: s itself is asked": s**2,
        "this is the square, of the length of W^T u: s = u^T W v": powers.estimate(steps + 0.5) ** 2,
        "this is the length of W^T u, half a step more: s = u^T W v": powers.estimate(steps + 0.5),
        "this is the root of it": s.sqrt(),
        "this is the norm of all numbers of W": powers.W.norm(),
        "one step too many": powers.estimate(steps + 1),
        "u is renewed `steps` times: here it is still the u that was given" if short else
        "s = u^T W v with the last u, not with the one before it": before
        @ powers.W @ powers.unit(2 * steps - 1),
        "this is the smallest one": S[-1],
        "s itself is asked, not w / s": w / s,
    }  # fmt: skip
    found["w counts as `out` rows: reshape(out, -1), not reshape(-1, out).T"] = Powers(
        w.double().reshape(-1, len(w)).T, powers.start
    ).estimate(steps)
    if w.ndim == 4:
        text = "each place of a kernel is a column of W: nothing is summed"
        found[text] = Powers(w.double().sum((2, 3)), powers.start).estimate(steps)
    ones = Powers(w.double(), torch.ones_like(powers.start))
    found["the iteration starts from the u that is given, not from ones"] = ones.estimate(steps)
    if steps > 1:
        found["only one step is made"] = powers.estimate(1)
        found["one step is missing"] = powers.estimate(steps - 1) if steps > 2 else None
    return found


OWN = (spectral.SpectralNorm.forward, spectral.SpectralNorm._iterate)
HAND = {"by_hand": ("normalize", "linalg_matrix_power"), "without": OWN}


@item("Item 9, largest_singular_value")
def check_spectral(largest_singular_value, shape, steps, seed, dtype="float64") -> None:
    """s, u and the gradient against the singular value decomposition."""
    generator, near = torch.Generator().manual_seed(seed), 1e-9 if dtype == "float64" else 1e-5
    w = torch.randn(*shape, generator=generator, dtype=torch.float64).to(getattr(torch, dtype))
    start = F.normalize(torch.randn(shape[0], generator=generator, dtype=torch.float64), dim=0)
    powers, start = Powers(w.double(), start), start.to(w)
    want = powers.estimate(steps), *map(powers.unit, (2 * steps, 2 * steps - 1))
    s, u, v = (t.to(w) for t in want)
    tried = f"largest_singular_value of w {tuple(shape)}, {steps=}"
    tried += f", {dtype}" * (dtype != "float64")
    came = call(largest_singular_value, w, start, steps, tried=tried, **HAND)
    came = pair(came, "(s, u)", tried)
    if not alike(came[0], s, near):
        torch.manual_seed(seed)
        again = call(largest_singular_value, w, start, steps, tried=tried, **HAND)
        if not alike(again, came, near):
            likely = "the iteration starts from the u that is given: nothing is drawn"
            fail(f"{tried}, twice", "the same result", "another", likely)
    short = steps == 1 and alike(came[1], start, near)  # and not only s without the last u
    raw = powers.W @ v.double()
    long = {"u <- W v is divided by its length": came[0]} if alike(came[1], raw, near) else {}
    tensor(came[0], s, f"{tried}, s", lambda: long or not_s(powers, w, steps, short), near)
    wrong = {
        "this is W v: divide by its length": raw,
        "this is the u that was given: return the last one": start,
        "this is v: return u": v,
        "this is u with the other sign": -u,
    }
    tensor(came[1], u, f"{tried}, u", wrong, near)
    leaf = w.clone().requires_grad_()
    s_came, u_came = largest_singular_value(leaf, start.clone(), steps)
    if isinstance(u_came, Tensor) and u_came.requires_grad:
        likely = "iterate under torch.no_grad(), or .detach() the u that is returned"
        fail(f"{tried}, the returned u", "no graph", "requires_grad=True", likely)
    if not isinstance(s_came, Tensor) or not s_came.requires_grad:
        likely = "only the iteration is without graph: compute s = u^T W v outside of no_grad"
        fail(f"{tried}, s", "a graph that leads to w", "requires_grad=False", likely)
    (slope,) = torch.autograd.grad(s_came, leaf, allow_unused=True)
    want = torch.outer(u, v).view(shape)
    tensor(slope, want, f"{tried}, the gradient of s", lambda: through(w, start, steps), near)


def through(w: Tensor, start: Tensor, steps: int) -> dict:
    """The gradient of the same number, differentiated through the iteration as well."""
    leaf = w.clone().requires_grad_()
    M = leaf.reshape(w.shape[0], -1)
    v = torch.linalg.matrix_power(M.T @ M, steps - 1) @ (M.T @ start)
    (whole,) = torch.autograd.grad((M @ v).norm() / v.norm(), leaf)
    return {"u and v count as constants: iterate under torch.no_grad()": whole}
