"""Item 3: one step in any game, against slopes worked out by hand."""

from __future__ import annotations

import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import Wrong, fail, pair, tensor
from checks.values import OneOf, alike


def other_looks_ahead(rules: dict, slope_x, slope_y, x: Tensor, y: Tensor, eta: float) -> dict:
    """The same for a step that looks ahead."""
    ahead, want = rules["simultaneous"], rules["extra-gradient"]
    down, up, far_x, far_y = slope_x(x, y), slope_y(x, y), slope_x(*ahead), slope_y(*ahead)
    _, back = torch.func.vjp(
        lambda *at: (at[0] - eta * slope_x(*at), at[1] + eta * slope_y(*at)), x, y
    )
    through = back((far_x, far_y))
    return other_points(rules, slope_x, slope_y, x, y, eta) | {
        "both slopes are found at the one point ahead, (x ahead, y ahead)": (
            x - eta * slope_x(x, ahead[1]), y + eta * slope_y(ahead[0], y),
        ),
        "the step goes from (x, y), by the slopes found ahead alone: not from the point ahead, "
        "and without those of the first pass (in .grad, say)": (
            ahead[0] - eta * far_x, ahead[1] + eta * far_y,
        ),
        "the slopes found ahead, not twice those less the first": (
            x - eta * (2 * far_x - down), y + eta * (2 * far_y - up),
        ),
        "the point ahead is held: the slopes have gone through it by its graph": (
            x - eta * through[0], y + eta * through[1],
        ),
        "the mean of two slopes is another rule: use those found ahead": (
            x - eta * (down + far_x) / 2, y + eta * (up + far_y) / 2,
        ),
        "both slopes are found ahead: y's not at the new x": (
            want[0], y + eta * slope_y(want[0], ahead[1]),
        ),
    }  # fmt: skip


def other_points(rules: dict, slope_x, slope_y, x: Tensor, y: Tensor, eta: float) -> dict:
    """Steps by the slopes at another point ahead."""
    down, up = slope_x(x, y), slope_y(x, y)

    def by_slopes(a: float, b: float, eta: float = eta) -> tuple:
        at = x - a * down, y + b * up
        return x - eta * slope_x(*at), y + eta * slope_y(*at)

    turned = rules["alternating"]
    return {
        "ahead x goes down and y goes up, as in a step": OneOf(
            by_slopes(a * eta, b * eta) for a, b in ((1, -1), (-1, 1), (-1, -1))
        ),
        "both signs: x goes down its slope, y up": by_slopes(-eta, -eta, -eta),
        "the look ahead is a whole step of size eta, not half of one": by_slopes(eta / 2, eta / 2),
        "the look ahead is a step of size eta": OneOf(
            by_slopes(k, k)
            for k in (2 * eta, eta**2, eta / 10, 0.01, 0.1, 1.0)
            if abs(k - eta / 2) > 1e-9
        ),
        "the look ahead is a simultaneous step": (
            x - eta * slope_x(*turned), y + eta * slope_y(*turned),
        ),
    }  # fmt: skip


def other_steps(rules: dict, slope_x, slope_y, x: Tensor, y: Tensor, eta: float, rule: str) -> dict:
    """What usual mistakes make of one step: pairs of the new x and y."""
    down, up, ahead, want = slope_x(x, y), slope_y(x, y), rules["simultaneous"], rules[rule]
    found = {
        "x makes V smaller: it goes down its slope": (2 * x - want[0], want[1]),
        "y makes V larger: it goes up its slope": (want[0], 2 * y - want[1]),
        "both signs: x goes down, y goes up": (2 * x - want[0], 2 * y - want[1]),
        "x and y have changed places in the result": want[::-1],
        "nothing has moved": (x, y),
        "the slopes as they are, not their signs or divided by their length": OneOf(
            (x - eta * of(down), y + eta * of(up))
            for of in (torch.sign, lambda s: s / (s.norm() + 1e-12), lambda s: s / (s.norm() + 1e-8))
        ),
        "the step is of the size eta that is given": OneOf(
            (x + (want[0] - x) * k / eta, y + (want[1] - y) * k / eta)
            for k in (eta / 2, 2 * eta, eta**2, 0.01, 0.1, 0.2, 0.5, 1.0)
        ),
        "x has not moved": (x, want[1]),
        "y has not moved": (want[0], y),
        "each player goes by the slope of V along its own axis": (x - eta * up, y + eta * down)
        if x.shape == y.shape else None,
        "x moves first, then y": (x - eta * slope_x(x, ahead[1]), ahead[1])
        if rule == "alternating" else None,
    }  # fmt: skip
    if rule == "alternating":
        text = "the slopes of two passes have added up in .grad: clear it, or autograd.grad"
        found[text] = (ahead[0], y + eta * (up + slope_y(ahead[0], y)))
        _, back = torch.func.vjp(lambda y: x - eta * slope_x(x, y), y)
        text = "V's slope by y alone, the new x held: it still hangs on y by its graph, detach it"
        found[text] = (want[0], want[1] + eta * back(slope_x(want[0], y))[0])
        found["both signs, in both steps: x goes down, y goes up"] = (
            x + eta * down, y - eta * slope_y(x + eta * down, y),
        )  # fmt: skip
    if rule == "extra-gradient":
        found |= other_looks_ahead(rules, slope_x, slope_y, x, y, eta)
    for name, other in rules.items():
        if name != rule:
            found[f"this is the {name} step, not the {rule} one"] = other
    return found


GAMES = {  # V, its slopes worked out by hand, its name
    "x y": (lambda x, y: (x * y).sum(), lambda x, y: y, lambda x, y: x),
    "sum(sin(x) y)": (
        lambda x, y: (x.sin() * y).sum(), lambda x, y: x.cos() * y, lambda x, y: x.sin(),
    ),
}  # fmt: skip


def bent_game(n: int, m: int) -> tuple:
    """A game that is not linear, with x (n,), y (m,)."""
    generator = torch.Generator().manual_seed(10 * n + m)
    shapes = (n, m), (n,), (m,)
    A, x, y = (torch.randn(s, generator=generator, dtype=torch.float64) for s in shapes)
    return (
        (
            lambda x, y: x @ A @ y + (x**3).sum() / 3 - (y**2).sum(),
            lambda x, y: A @ y + x**2,
            lambda x, y: A.T @ x - 2 * y,
        ),
        x,
        y,
    )


def right_steps(slope_x, slope_y, x: Tensor, y: Tensor, eta: float) -> dict[str, tuple]:
    ahead = x - eta * slope_x(x, y), y + eta * slope_y(x, y)
    return {
        "simultaneous": ahead,
        "alternating": (ahead[0], y + eta * slope_y(ahead[0], y)),
        "extra-gradient": (x - eta * slope_x(*ahead), y + eta * slope_y(*ahead)),
    }


def fitting(slopes: tuple, x: Tensor, y: Tensor, eta: float, rule: str, came: tuple) -> set[str]:
    """The mistakes that give what came."""
    found = other_steps(right_steps(*slopes, x, y, eta), *slopes, x, y, eta, rule)
    return {t for t, wrong in found.items() if wrong and alike(came, wrong, 1e-9)}


def explained(game_step, slopes: tuple, x: Tensor, y: Tensor, eta: float, rule: str, came) -> str:
    """The one mistake that gives what came: of several, that which a bent game leaves."""
    fits = fitting(slopes, x, y, eta, rule, came)
    if len(fits) > 1:
        (V, *bent), x, y = bent_game(2, 2)
        tried = "game_step in another game"
        again = pair(call(game_step, V, x, y, eta, rule, tried=tried), "(x, y)", tried)
        fits &= fitting(bent, x, y, eta, rule, again)
    return fits.pop() if len(fits) == 1 else "" if fits else unread(game_step, eta, rule)


def unread(game_step, eta: float, rule: str) -> str:
    """What is said of an answer to which V = x y and V = 3 x y are the same."""
    x, y, moved = torch.tensor(0.7).double(), torch.tensor(0.4).double(), []
    for k in (1, 3):
        try:
            moved.append(call(game_step, lambda x, y, k=k: k * x * y, x, y, eta, rule, tried=""))
        except Wrong:
            return ""
    same = alike(moved[0], moved[1]) and not alike(moved[0], (x, y))
    return same * "the slopes are those of the V that is given, by autograd: here V is not used"


def check_left(game_step, V, x: Tensor, y: Tensor, eta: float, rule: str, tried: str) -> tuple:
    """What stands in .grad stays; what came."""
    given = x.clone(), y.clone()
    for z in given:
        z.grad = torch.ones_like(z)
    came = call(lambda: game_step(V, *given, eta, rule), tried=tried)
    if any(z.grad is None or not z.grad.eq(1).all() for z in given):
        likely = "backward() adds to .grad, and clearing changes it too: torch.autograd.grad does neither"
        told = "what stands in x's and y's .grad as it was"
        fail(f"{tried}: what is left behind", told, "another", likely)
    return came


@item("Item 3, game_step")
def check_game(game_step, rule, game, x, y, eta, steps=1, dtype="float64") -> None:
    """game: a name of GAMES with x and y as numbers, or "bent" with x and y as sizes."""
    name, near = game, 1e-9 if dtype == "float64" else 1e-5
    if game == "bent":
        name = f"x A y + sum(x^3) / 3 - sum(y^2), x ({x},), y ({y},)"
        (V, *slopes), x, y = bent_game(x, y)
    else:
        V, *slopes = GAMES[game]
        x, y = (torch.as_tensor(z, dtype=getattr(torch, dtype)) for z in (x, y))
    for step in range(1, steps + 1):
        tried = f"game_step in the game V = {name}, {eta=}, {rule!r}, step {step}"
        tried += "" if dtype == "float64" else f", {dtype}"
        want = right_steps(*slopes, x, y, eta)[rule]
        try:
            came = call(game_step, V, x, y, eta, rule, tried=tried)
        except Wrong as wrong:
            wrong.likely = unread(game_step, eta, rule) or wrong.likely
            raise
        came, likely = pair(came, "(x, y)", tried), ""
        if not alike(came, want, near):
            likely = explained(game_step, slopes, x, y, eta, rule, came)
        for part, wanted, player in zip(came, want, "xy", strict=True):
            told = f"{tried}, new {player}"
            tensor(part, wanted, told, {likely: part} if likely else {}, near)
            if isinstance(part, Tensor) and part.requires_grad:
                likely = ".detach() the result, or step under torch.no_grad()"
                fail(told, "no graph", "requires_grad=True", likely)
        again = check_left(game_step, V, x, y, eta, rule, tried)
        if not alike(again, want, near):
            likely = "chance, or something kept from the call before: slopes, a step, a count"
            fail(f"{tried}, called once more", "the same result", "another", likely)
        x, y = want
