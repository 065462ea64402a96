"""What each ingredient of `helpers.recipe` buys: the recipe whole, and with one left out at a time.

    python benchmarks/recipe.py [--toy] [--seeds 5] [--images 5000] [--epochs 6] [--width 8]

On the JPEG copy of CIFAR-10 where it is at hand (COURSE_DATA), else Fashion-MNIST, else the
glyphs. Every seed runs all variants, one after another, on the same images with the same first
weights; a difference is taken seed by seed.
"""

from __future__ import annotations

import statistics

from common import arguments, cifar10_jpeg, fashion_mnist, part_of, plus_minus, table, timed, write

from helpers import data, recipe


def report(found: dict) -> None:
    rows = []
    for name, one in found.items():
        change = "" if name == "all" else plus_minus(one["points lost"], 1, 1)
        cpu = f"{statistics.median(one['cpu']):.0f}"
        rows.append([name, plus_minus(one["accuracy"], 100, 1), change, cpu])
    print(table(rows, ["recipe", "test accuracy %", "points lost", "CPU s"]))


def main() -> None:
    options = arguments(
        __doc__.splitlines()[0], seeds=5, images=5000, tests=2000, epochs=6, width=8
    )
    dataset, mirror = cifar10_jpeg() or fashion_mnist(), True
    if dataset is None or options.toy:
        dataset, mirror = data.glyphs(train_size=options.images, test_size=options.tests), False
    if options.toy:
        options.images, options.tests, options.epochs, options.seeds = 500, 200, 2, 2
    dataset = part_of(dataset, options.images, options.tests)
    variants = {"all": ()} | {f"without {name}": (name,) for name in recipe.INGREDIENTS}
    variants["none of them"] = recipe.INGREDIENTS
    found = {name: {"accuracy": [], "points lost": [], "cpu": []} for name in variants}
    for seed in range(options.seeds):
        for name, without in variants.items():
            _, cpu, (_, _, accuracy) = timed(
                lambda without=without, seed=seed: recipe.train(
                    dataset,
                    epochs=options.epochs,
                    width=options.width,
                    without=without,
                    mirror=mirror,
                    seed=seed,
                    channels_last=True,
                    precision="fast",
                    progress=False,
                )
            )
            found[name]["accuracy"].append(accuracy)
            found[name]["cpu"].append(cpu)
            lost = 100 * (found["all"]["accuracy"][-1] - accuracy)
            found[name]["points lost"].append(lost)
        print(f"seed {seed}: {[round(f['accuracy'][-1], 4) for f in found.values()]}", flush=True)
        # after every seed, so that a run cut short has a result too
        settings = {k: v for k, v in vars(options).items() if k != "toy"} | {"seeds": seed + 1}
        result = {"data": str(dataset), "mirror": mirror, "settings": settings, "variants": found}
        write("recipe", result, options.toy)
    report(found)


if __name__ == "__main__":
    main()
