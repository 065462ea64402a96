"""Train the DCGAN of lecture 05 five times as long as the lecture does, all else being equal.

python benchmarks/dcgan.py --steps 3000

Keeps the weights of the generator, in 16 bits, in dcgan.pt, so that the lecture can measure it as
it measures its own; and in dcgan.json the losses on the way, with the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from common import HERE, arguments, write

from helpers import data
from helpers.models import gan
from helpers.training import fit_gan

WIDTH, LATENT = 16, 32  # as in the lecture, and so are the seed and the settings below


def main() -> None:
    options = arguments(__doc__.splitlines()[0], steps=3000)
    steps = 10 if options.toy else options.steps
    glyphs = data.load("glyphs")
    train_x = glyphs.train_x[:9000].float() / 127.5 - 1
    torch.manual_seed(0)
    g = gan.DCGANGenerator(glyphs.image_shape, latent=LATENT, width=WIDTH)
    d = gan.DCGANDiscriminator(glyphs.image_shape, width=WIDTH)
    h = fit_gan(
        g, d, train_x, steps=steps, batch_size=64, lr=2e-3, every=steps // 10, progress=False
    )
    losses = {
        "steps": h.steps,
        "D": [round(float(v), 3) for v in h.discriminator_loss],
        "G": [round(float(v), 3) for v in h.generator_loss],
    }
    for step, of_d, of_g in zip(*losses.values(), strict=True):
        print(f"step {step:5} loss of D {of_d:.3f} of G {of_g:.3f}", flush=True)
    if not options.toy:
        weights = {k: v.half() if v.is_floating_point() else v for k, v in g.state_dict().items()}
        torch.save(weights, HERE / "dcgan.pt")
    write(
        "dcgan",
        {"command": f"python benchmarks/dcgan.py --steps {steps}", "losses": losses},
        options.toy,
    )


if __name__ == "__main__":
    main()
