"""Look at D's slope early in the training of lecture 05's pairs: how steep, and where it leads.

python benchmarks/ring_early.py --seeds 12

The two pairs of the lecture's puzzle and the two with a bounded slope, from the starts of ring.py,
for their first 200 steps of G (the rate falls later). For each start: modes covered, the median
norm of the slope of D's logit at 1,000 samples, and, for the samples that lie on no mode, its mean
cosine with the way to the nearest covered and to the nearest missing mode. Writes ring_early.json.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
import torch.nn.functional as F
from common import arguments, table, timed, write
from ring import PAIRS, SEED
from torch import Tensor

from helpers import data, diagnostics
from helpers.models import gan
from helpers.training import fit_gan

LOOKED_AT = ("non-saturating, 1 step of D", "non-saturating", "WGAN-GP", "spectral norm")
MEASURES = ("modes", "slope", "to covered", "to missing")


def led_to(ring: data.Dataset, x: Tensor, slope: Tensor, modes: Tensor) -> float | None:
    """Mean cosine of the slope with the way to the nearest of these modes, on no mode."""
    apart = torch.cdist(x, ring.centres)  # (N, 8)
    loose = apart.amin(1) > 3 * ring.sigma
    if not modes.any() or not loose.any():
        return None
    way = ring.centres[apart.masked_fill(~modes, torch.inf).argmin(1)] - x
    return round(F.cosine_similarity(slope, way, dim=1)[loose].mean().item(), 2)


def look_at(
    ring: data.Dataset, g: gan.PointGenerator, d: gan.PointDiscriminator, z: Tensor
) -> list:
    """The four measures, for each start."""
    x = gan.generate(g, z).clone().requires_grad_()
    (slope,) = torch.autograd.grad(d(x).sum(), x)
    x = x.detach()
    covered = diagnostics.mode_coverage(x, ring.centres, ring.sigma).counts >= x.shape[1] / 80
    steep = slope.norm(dim=-1).median(1).values.tolist()
    return [
        [int(c.sum()), round(norm, 2), led_to(ring, xs, s, c), led_to(ring, xs, s, ~c)]
        for c, norm, xs, s in zip(covered, steep, x, slope, strict=True)
    ]


def early(ring: data.Dataset, starts: int, steps: int, lipschitz=None, **settings) -> dict:
    torch.manual_seed(SEED)
    g = gan.PointGenerator(starts)
    d = gan.PointDiscriminator(starts, lipschitz=lipschitz)
    z = gan.noise(g, 1000)
    settings |= {"batch_size": 128, "lr": 2e-3, "schedule": "constant", "progress": False}
    history = fit_gan(
        g,
        d,
        ring.train_x,
        steps=steps,
        every=steps // 2,
        watch=lambda step: look_at(ring, g, d, z),
        **settings,
    )
    return {
        str(step): dict(zip(MEASURES, map(list, zip(*seen, strict=True)), strict=True))
        for step, seen in zip(history.steps, history.watched, strict=True)
    }


def medians(found: dict) -> list[list[object]]:
    """A row for each pair and step: the median over the starts, of those that have the value."""
    rows = []
    for name, by_step in found.items():
        for step, seen in by_step.items():
            have = [[v for v in seen[m] if v is not None] for m in MEASURES]
            rows.append([name, step, *(statistics.median(v) if v else "" for v in have)])
    return rows


def main() -> None:
    torch.set_num_threads(1)
    options = arguments(__doc__.splitlines()[0], seeds=12)
    ring, found, seconds = data.load("ring"), {}, 0.0
    starts, steps = (2, 4) if options.toy else (options.seeds, 200)
    for name in LOOKED_AT:
        wall, cpu, found[name] = timed(lambda n=name: early(ring, starts, steps, **PAIRS[n]))
        seconds += cpu
        print(f"{name}: {wall:.0f} s, CPU {cpu:.0f} s", flush=True)
    rows = [[r[0], r[1], *(f"{v:.2f}" if v != "" else v for v in r[2:])] for r in medians(found)]
    print(table(rows, ["medians over the starts", "step of G", *MEASURES]))
    command = f"python benchmarks/ring_early.py --seeds {options.seeds}"
    result = {"command": command, "CPU seconds": round(seconds), "starts": starts, "pairs": found}
    write("ring_early", result, options.toy)


if __name__ == "__main__":
    main()
