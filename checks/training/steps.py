"""Item 7: a step, against torch.optim.SGD."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from inspect import isfunction, ismodule

import torch
from torch import Tensor, nn

from checks.calls import Case, item, judge
from checks.compare import pair, tensor
from checks.values import OneOf
from checks.watch import AllBut

# all functions of torch.optim: others than SGD's can be made to do the same
OPTIM = [one for m in vars(torch.optim).values() if ismodule(m) for one in vars(m).values()]
OPTIM = (
    torch.optim.Optimizer.__init__,
    *(f for f in OPTIM if isfunction(f) and "torch.optim" in f.__module__),
)


def theirs(theta, g, v, lr, beta, decay, nesterov=False) -> tuple[Tensor, Tensor]:
    """torch.optim.SGD's step: the new theta and the new velocity."""
    parameter = nn.Parameter(theta.clone())
    parameter.grad = g.clone()
    optimiser = torch.optim.SGD([parameter], lr=lr, momentum=beta, weight_decay=decay)
    optimiser.param_groups[0]["nesterov"] = nesterov
    optimiser.state[parameter]["momentum_buffer"] = v.clone()
    optimiser.step()
    after = parameter.detach()
    if beta == 0:  # torch keeps no buffer then
        return after, (theta - after) / lr
    return after, optimiser.state[parameter]["momentum_buffer"].clone()


def decay_mistakes(step, theta, g, v, lr, decay) -> dict[str, tuple[Tensor, Tensor]]:
    plain, minus = step(g, v, decay=0.0), step(g - decay * theta, v, decay=0.0)
    still = step(torch.where(g == 0, -decay * theta, g), v, decay=decay)
    return {
        "the decay is missing: it is a part of d": plain,
        "a number whose gradient is 0 decays as any other": still,
        "the decay has the wrong sign": minus,
        "the decay goes into d, not into theta alone": OneOf(
            (plain[0] - lr * decay * old_or_new, plain[1]) for old_or_new in (theta, plain[0])
        ),
        "the decay goes into d; here theta shrinks by lambda without the rate": (
            plain[0] - decay * theta, plain[1],
        ),
        "the gradient of (lambda / 2) theta^2 is lambda theta, not half of it": step(
            g, v, decay=decay / 2
        ),
        "the gradient of (lambda / 2) theta^2 is lambda theta, not 2 lambda theta": step(
            g, v, decay=2 * decay
        ),
        "the decay is lambda theta, not lambda times its sign, or its size": OneOf(
            step(g + decay * one, v, decay=0.0) for one in (theta.sign(), theta.abs())
        ),
        "the decay is lambda theta: the rate comes with the step": step(g, v, decay=lr * decay),
        "the decay is lambda theta, not lambda g": step((1 + decay) * g, v, decay=0.0),
        "the decay is lambda theta, not lambda alone": step(g + decay, v, decay=0.0),
        "the decay is the gradient of (lambda / 2) theta^2, not that itself": OneOf(
            step(g + part * decay * theta**2, v, decay=0.0) for part in (0.5, 1.0)
        ),
    }  # fmt: skip


def step_edge(v: Tensor, beta: float) -> str:
    if not beta:
        return "where beta is 0 the new velocity is g + lambda theta: nothing else is new"
    return "" if v.any() else "a velocity of zeros, as in the first step, is used like any other"


def sgd_case(number: int, theta, g, v, lr, beta, decay) -> Case:
    step = partial(theirs, theta, lr=lr, beta=beta)
    after, velocity = step(g, v, decay=decay)
    push, moved_on = velocity - beta * v, (theta - lr * beta * v, theta - lr * (beta * v + g))

    def moved(new: Tensor, up: int = -1) -> tuple[Tensor, Tensor]:
        return theta + up * lr * new, new

    mistakes = decay_mistakes(step, theta, g, v, lr, decay) | {
        "the decay is that of theta as it is given, not of a look ahead, or of one that has moved": OneOf(
            (theta - lr * new, new) for new in (beta * v + g + decay * t for t in moved_on)
        ),
        "the velocity adds g in full: no factor 1 - beta": moved(velocity - beta * push),
        "the learning rate belongs in the step, not in the velocity": OneOf(
            (theta - beta * one - lr * push, sign * (beta * one + lr * push))
            for one, sign in ((v, 1), (-v, -1))
        ),
        "the learning rate belongs in the step, not in the velocity too": moved(
            beta * v + lr * push
        ),
        "the velocity gathers +g; the step subtracts it": moved(beta * v - push, up=1),
        "the old velocity is not used": moved(push),
        "the old velocity is not multiplied by beta": moved(v + push),
        "beta weighs the old velocity, not the new gradient": moved((1 - beta) * v + beta * push),
        "beta is an argument, not always 0.9": step(g, v, beta=0.9, decay=decay),
        "the pair is (theta, v), not (v, theta)": (velocity, after),
        "the old velocity is returned: the new one is asked for": (after, v),
        "the old theta is returned: the new one is asked for": (theta, velocity),
        "downhill: subtract the step": (theta + lr * velocity, velocity),
        "the step uses the new velocity, not the old one": (theta - lr * v, velocity),
        "the step uses the velocity, not the gradient": OneOf((theta - lr * d, velocity) for d in (push, g)),
        "this is Nesterov's step: theta - lr v is asked for": step(g, v, decay=decay, nesterov=True),
        "the learning rate is missing": (theta - velocity, velocity),
        "beta multiplies the old velocity alone, not the new gradient too": moved(beta * (v + push)),
        "the decay counts twice: it is in the velocity already": (after - lr * decay * theta, velocity),
    }  # fmt: skip
    tried = f"sgd_step, step {number}, shape {tuple(theta.shape)}, {lr=}, {beta=}, {decay=}"
    tried += "" if theta.dtype == torch.float64 else f", {theta.dtype}"
    return Case(tried, (theta, g, v, lr, beta, decay), (after, velocity), mistakes)


def compare_step(came, want, tried, tolerance) -> None:
    theta, v = pair(came, "(theta, v)", tried)
    tensor(v, want[1], f"{tried}, velocity", tolerance=tolerance)
    tensor(theta, want[0], f"{tried}, theta", tolerance=tolerance)


@item("Item 7, sgd_step")
def check_sgd(sgd_step, shape, rates, beta, decay, dtype="float64") -> None:
    """Several steps, each from where torch.optim.SGD has come to; nothing is kept between them."""
    dtype = getattr(torch, dtype)
    g = torch.Generator().manual_seed(len(rates) + len(shape))

    def draw() -> Tensor:
        return torch.randn(shape, generator=g, dtype=torch.float64).to(dtype)

    theta, v, cases = draw(), torch.zeros(shape, dtype=dtype), []
    for index, lr in enumerate(rates, 1):
        slopes = draw()
        slopes.view(-1)[1:2] = 0  # one of several numbers has none
        case = sgd_case(index, theta, slopes, v, lr, beta, decay)
        cases.append(replace(case, edge=step_edge(v, beta)))
        theta, v = cases[-1].want
    text = "where the gradient is 0, momentum and decay move theta all the same"
    cases.append(replace(sgd_case(0, theta, 0 * theta, v, rates[0], beta, decay), edge=text))
    probes = [sgd_case(0, draw(), draw(), draw(), 0.3, 0.7, decay or 0.4) for _ in range(2)]
    tolerance = 1e-9 if dtype == torch.float64 else 1e-5
    for case in [*cases, *cases[-2::-1]]:  # and back again
        judge(
            sgd_step, case, probes, compare_step, tolerance, by_hand=AllBut("fused"), without=OPTIM
        )
