"""Train the pairs of lecture 05 on the ring from other starts, as many as show what luck does.

python benchmarks/ring.py --seeds 12

Every row of the lecture's table, and the pairs with a small discriminator. Prints how many of the
eight modes each start covers, and the quality of its samples, and writes ring.json.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from common import arguments, write

from helpers import data, diagnostics
from helpers.models import gan
from helpers.training import fit_gan

CRITIC = {"critic_steps": 5, "loss": "wasserstein"}
SMALL = {"hidden": 2, "steps": 1000}
PAIRS = {
    "minimax": {"critic_steps": 5, "loss": "minimax"},
    "non-saturating": {"critic_steps": 5},
    "WGAN, clipping": {"clip": 0.1, "betas": (0.0, 0.99), **CRITIC},
    "WGAN-GP": {"penalty": 1.0, **CRITIC},
    "spectral norm": {"critic_steps": 5, "lipschitz": 8.0},
    "minimax, 1 step of D": {"loss": "minimax"},
    "non-saturating, 1 step of D": {},
    "D of 1 layer, β₁ 0.9": {"d_hidden": 1, "betas": (0.9, 0.999), **SMALL},
    "D of 1 layer, β₁ 0.5": {"d_hidden": 1, "betas": (0.5, 0.999), **SMALL},
    "D of 2 layers, β₁ 0.9": {"d_hidden": 2, "betas": (0.9, 0.999), **SMALL},
    "D of 2 layers, β₁ 0.5": {"d_hidden": 2, "betas": (0.5, 0.999), **SMALL},
    "D of 1 layer, β₁ 0.5, 4,000 steps": {"d_hidden": 1, "hidden": 2, "steps": 4000},
}
SEED = 2  # the lecture's own is 1


def train(
    ring: data.Dataset,
    starts: int,
    *,
    steps: int = 800,
    hidden: int = 3,
    d_hidden: int = 3,
    lipschitz: float | None = None,
    **settings,
) -> diagnostics.Coverage:
    """So many pairs side by side, which share nothing; what their generators cover."""
    torch.manual_seed(SEED)
    g = gan.PointGenerator(starts, hidden=hidden)
    d = gan.PointDiscriminator(starts, hidden=d_hidden, lipschitz=lipschitz)
    fit_gan(g, d, ring.train_x, steps=steps, batch_size=128, lr=2e-3, progress=False, **settings)
    samples = gan.generate(g, gan.noise(g, 2000))
    return diagnostics.mode_coverage(samples, ring.centres, ring.sigma)


def main() -> None:
    options = arguments(__doc__.splitlines()[0], seeds=12)
    ring, found = data.load("ring"), {}
    starts = 2 if options.toy else options.seeds
    for name, settings in PAIRS.items():
        if options.toy:
            settings = {**settings, "steps": 2}
        c = train(ring, starts, **settings)
        quality = [round(q, 2) for q in c.quality.tolist()]
        found[name] = {"modes": c.covered.tolist(), "quality": quality}
        print(f"{name}: modes {found[name]['modes']}, quality {quality}", flush=True)
    command = f"python benchmarks/ring.py --seeds {options.seeds}"
    write("ring", {"command": command, "pairs": found}, options.toy)


if __name__ == "__main__":
    main()
