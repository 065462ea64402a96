"""Which rule do nets of two layers find that learn to copy? Those of lecture 07, from other starts.

python benchmarks/copying.py            # --toy, --beginning 21, --anywhere 9; --keep FOLDER: of nets

The training is the lecture's, on two kinds of text: a random string, and then the same again and
again, always from its beginning, or each time from anywhere in it on, as in the lecture. From the
beginning two rules are right: say what came after the last such symbol, and say the symbol that
has not been seen for longest. Where a string's symbols come once more in another order the two
part: there each net is asked. It is also cut: layer 1 may not look one place back. The seeds are
the lecture's own three, and these as `tools/replicate.py --offset 111` and so on shifts them. With
--keep a run that was stopped goes on with the nets in that folder. Writes copying.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
import torch.nn.functional as F
from common import machine, table, write
from torch import Tensor

from helpers import training
from helpers.models.gpt import GPT
from helpers.training.loop import Loop
from helpers.training.plan import Plan

SYMBOLS, LONG, STEPS = 16, 24, 400
OFFSETS = (0, *range(111, 117))
KINDS = {"from its beginning": False, "from anywhere": True}


def strings(count: int, anywhere: bool, generator: torch.Generator) -> tuple[Tensor, ...]:
    """x and y (count, LONG), and where y can be known."""
    size = torch.randint(4, 11, (count, 1), generator=generator)
    fresh = torch.rand(count, SYMBOLS, generator=generator).argsort(1)
    start = torch.zeros(count, LONG, dtype=torch.long)
    if anywhere:
        start = torch.rand(count, LONG, generator=generator).mul(size - 1).long()
    at = torch.zeros(count, LONG + 1, dtype=torch.long)
    for t in range(LONG):
        after = at[:, t] + 1
        at[:, t + 1] = torch.where(after < size[:, 0], after, start[:, t])
    said = fresh.gather(1, at)
    known = torch.arange(LONG) >= size
    if anywhere:  # where it goes on after its end nobody can know
        known = known & (at[:, :-1] < size - 1)
    return said[:, :-1], said[:, 1:], known


class Strings(training.Source):
    """New strings for every update."""

    def __init__(self, anywhere: bool) -> None:
        self.anywhere = anywhere

    def draw(self, order: torch.Generator) -> Tensor:
        self.order = order
        return torch.arange(32)

    def batch(self, rows: Tensor) -> tuple[Tensor, ...]:
        return strings(len(rows), self.anywhere, self.order)


def copier(anywhere: bool, seed: int, steps: int) -> GPT:
    """A GPT of two layers, trained to copy as in the lecture."""
    torch.manual_seed(seed)
    net = GPT(SYMBOLS, context=LONG, heads=2, layers=2, positions="rotary")

    def step(batch):
        x, y, known = batch
        yield F.cross_entropy(net(x)[known], y[known])

    how = {"lr": 1e-2, "optimiser": "muon", "clip": 1.0, "warm_up": 0.1, "schedule": "cosine"}
    plan = Plan.of(**how, device="cpu", fused=True, progress=False)
    Loop(step, Strings(anywhere), net, plan, seed=seed, keep=("loss",)).run(steps, 0)
    return net.eval()


def parted(size: int, count: int, generator: torch.Generator) -> tuple[Tensor, ...]:
    """Strings and then their symbols in another order (N, 2 size), and what either rule says next.

    Only those at whose end the rules differ: N may be less than count.
    """
    fresh = torch.rand(count, SYMBOLS, generator=generator).argsort(1)[:, :size]
    order = torch.rand(count, size, generator=generator).argsort(1)
    x = torch.cat([fresh, fresh.gather(1, order)], 1)
    followed = x.gather(1, order[:, -1:] + 1)[:, 0]
    oldest = x[:, size]  # said once more before all others
    differ = followed != oldest
    return x[differ], followed[differ], oldest[differ]


def blind(net: GPT) -> None:
    """From now on layer 1 may not look one place back."""
    may = torch.ones(LONG, LONG, dtype=torch.bool).tril() & ~torch.eye(LONG).bool().roll(1, 0)
    net.blocks[0].self_attn.look = lambda q, k, v, mask, causal: F.scaled_dot_product_attention(
        q, k, v, may
    )


@torch.no_grad()
def judged(net: GPT, anywhere: bool, seed: int) -> dict[str, float]:
    """Shares: right, as either rule says where they part, and right when layer 1 is cut."""
    x, y, known = strings(500, anywhere, torch.Generator().manual_seed(1_000 + seed))

    def right() -> float:
        return (net(x).argmax(-1) == y)[known].float().mean().item()

    found, generator = {"right": right()}, torch.Generator().manual_seed(7)
    asked = [parted(size, 200, generator) for size in range(4, 11)]
    said = torch.cat([net(x)[:, -1].argmax(-1) for x, _, _ in asked])
    for at, name in ((1, "what followed"), (2, "the oldest")):
        found[name] = (said == torch.cat([one[at] for one in asked])).float().mean().item()
    blind(net)
    found["right when cut"] = right()
    return {name: round(share, 4) for name, share in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--toy", action="store_true", help="a minute, to see that it runs")
    parser.add_argument("--beginning", type=int, default=21, help="starts of this kind")
    parser.add_argument("--anywhere", type=int, default=9)
    parser.add_argument("--keep", type=Path, help="a folder of nets: those there are not trained")
    options = parser.parse_args()
    print(json.dumps(machine()), flush=True)
    starts = {"from its beginning": options.beginning, "from anywhere": options.anywhere}
    kinds: dict[str, list[dict]] = {}
    for kind, anywhere in KINDS.items():
        rows = []
        for seed in [1_000 * offset + i for offset in OFFSETS for i in range(3)][: starts[kind]]:
            net = kept(anywhere, seed, options)
            rows.append({"seed": seed, **judged(net, anywhere, seed)})
            print(kind, rows[-1], flush=True)
        kinds[kind] = rows
    for kind, rows in kinds.items():
        print(table([list(row.values()) for row in rows], [kind, *list(rows[0])[1:]]))
    given = f"--beginning {options.beginning} --anywhere {options.anywhere}"
    command = f"python benchmarks/copying.py {given}"
    write("copying", {"command": command, "steps": STEPS, "kinds": kinds}, options.toy)


def kept(anywhere: bool, seed: int, options: argparse.Namespace) -> GPT:
    """The net of that seed: trained, or from the folder of those that are."""
    if options.toy:
        return copier(anywhere, seed, steps=2)
    file = options.keep and options.keep / f"{'anywhere' if anywhere else 'beginning'}_{seed}.pt"
    if file and file.exists():
        net = GPT(SYMBOLS, context=LONG, heads=2, layers=2, positions="rotary")
        net.load_state_dict(torch.load(file))
        return net.eval()
    net = copier(anywhere, seed, STEPS)
    if file:
        torch.save(net.state_dict(), file)
    return net


if __name__ == "__main__":
    main()
