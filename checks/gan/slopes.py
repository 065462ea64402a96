"""Item 8: the gradient penalty."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from checks.calls import Case, call, gradient, item, judge
from checks.compare import Wrong, fail, kind, tensor
from checks.given import near_one
from checks.values import OneOf, alike
from helpers.models import gan


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
        "the norm is compared with k, not its square with that of k": of(norms**2 - k**2 + k),
        "the norm's distance from k is squared": (norms - k).abs().mean(),
        "the norm's distance from k is squared, before the mean": (norms.mean() - k) ** 2,
        "this is the mean of the distances, which may cancel: square each": (norms - k).mean(),
        "k is not subtracted": (norms**2).mean(),
        "k is not used: the paper's 1 stands in its place": ((norms - 1) ** 2).mean(),
        "k is the slope that is wanted, not a weight of the penalty": k * ((norms - 1) ** 2).mean(),
        "slopes below k count too": ((norms - k).clamp_min(0) ** 2).mean(),
        "a norm is a root of a sum, not of a mean": of(norms / size.numel() ** 0.5),
        "a norm is the root of a sum of squares, not a sum of sizes": of(
            slope.flatten(1).abs().sum(1)
        ),
        "half of the penalty": of(norms) / 2,
        "a small number under the root, or beside it, bends the norm": OneOf(
            of(bent) for e in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
            for bent in ((norms**2 + e).sqrt(), norms + e)
        ),
        "the root of the mean square distance": of(norms).sqrt(),
        "the relative distance is not asked: nothing is divided by k":
            of(norms) / k**2 if k not in (0, 1) else None,
    }  # fmt: skip
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


def straight(critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
    """The size of the mean slope from each example to the other of its pair, (B,)."""
    return (critic(real) - critic(fake)).flatten().abs() / (real - fake).flatten(1).norm(dim=1)


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
        lambda: (
            penalty_mistakes(
                value, of, hand.slope(mixture(real, fake, share)), real, fake, share, k
            )
            | {
                "the slope at the mixed points, by autograd, not the mean one between the two": of(
                    straight(hand, real, fake)
                )
            }
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
