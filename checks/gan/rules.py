"""Item 3: one step in any game, against slopes worked out by hand."""

from __future__ import annotations

import torch
from torch import Tensor

from checks.calls import call, item
from checks.compare import fail, pair, tensor
from checks.values import alike


def other_steps(rules: dict, slope_x, slope_y, x: Tensor, y: Tensor, eta: float, rule: str) -> dict:
    """What usual mistakes make of one step: pairs of the new x and y."""
    down, up, ahead, want = slope_x(x, y), slope_y(x, y), rules["simultaneous"], rules[rule]
    far_x, far_y = slope_x(*ahead), slope_y(*ahead)
    found = {
        "x makes V smaller: it goes down its slope": (2 * x - want[0], want[1]),
        "y makes V larger: it goes up its slope": (want[0], 2 * y - want[1]),
        "x and y have changed places in the result": want[::-1],
        "nothing has moved": (x, y),
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
    if rule == "extra-gradient":
        found |= {
            "both slopes are found at the one point ahead, (x ahead, y ahead)": (
                x - eta * slope_x(x, ahead[1]), y + eta * slope_y(ahead[0], y),
            ),
            "the step goes from (x, y), not from the point ahead, by the slopes found ahead": (
                ahead[0] - eta * far_x, ahead[1] + eta * far_y,
            ),
            "the look ahead is a simultaneous step": (
                x - eta * slope_x(*rules["alternating"]), y + eta * slope_y(*rules["alternating"]),
            ),
            "the mean of two slopes is another rule: use those found ahead": (
                x - eta * (down + far_x) / 2, y + eta * (up + far_y) / 2,
            ),
        }  # fmt: skip
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


@item("Item 3, game_step")
def check_game(game_step, rule, game, x, y, eta, steps=1) -> None:
    """game: a name of GAMES with x and y as numbers, or "bent" with x and y as sizes."""
    name = game
    if game == "bent":
        name = f"x A y + sum(x^3) / 3 - sum(y^2), x ({x},), y ({y},)"
        (V, slope_x, slope_y), x, y = bent_game(x, y)
    else:
        V, slope_x, slope_y = GAMES[game]
        x, y = (torch.as_tensor(z, dtype=torch.float64) for z in (x, y))
    for step in range(1, steps + 1):
        tried = f"game_step in the game V = {name}, {eta=}, {rule!r}, step {step}"
        ahead = x - eta * slope_x(x, y), y + eta * slope_y(x, y)
        rules = {
            "simultaneous": ahead,
            "alternating": (ahead[0], y + eta * slope_y(ahead[0], y)),
            "extra-gradient": (x - eta * slope_x(*ahead), y + eta * slope_y(*ahead)),
        }
        want = rules[rule]
        came = pair(call(game_step, V, x, y, eta, rule, tried=tried), "(x, y)", tried)
        likely = ""
        if not alike(came, want, 1e-9):
            found = other_steps(rules, slope_x, slope_y, x, y, eta, rule)
            fits = [t for t, wrong in found.items() if wrong and alike(came, wrong, 1e-9)]
            likely = fits[0] if len(fits) == 1 else ""
        for part, wanted, player in zip(came, want, "xy", strict=True):
            told = f"{tried}, new {player}"
            tensor(part, wanted, told, {likely: part} if likely else {}, 1e-9)
            if isinstance(part, Tensor) and part.requires_grad:
                likely = ".detach() the result, or step under torch.no_grad()"
                fail(told, "no graph", "requires_grad=True", likely)
        given = x.clone(), y.clone()
        call(lambda given=given: game_step(V, *given, eta, rule), tried=tried)
        if any(z.grad is not None for z in given):
            likely = "backward() adds to .grad at each call: torch.autograd.grad leaves nothing"
            fail(f"{tried}: what is left behind", "x and y without .grad", "a .grad", likely)
        x, y = want
