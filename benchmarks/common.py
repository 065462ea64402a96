"""What the benchmarks share: the machine, alternate runs, medians with spread, tables and JSON."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import sys
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import torch

from helpers import data
from helpers.data import Dataset

HERE = Path(__file__).resolve().parent


def machine() -> dict:
    """Processor, device, versions, threads, load: what a figure must be read with."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        name = models[0].split(":", 1)[1].strip() if models else name
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": name,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0,
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "GPU": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "system": platform.platform(),
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "load": [round(x, 2) for x in os.getloadavg()] if hasattr(os, "getloadavg") else None,
    }


def spread(values: list[float]) -> dict:
    """Median, smallest, largest and all values."""
    return {
        "median": statistics.median(values),
        "least": min(values),
        "most": max(values),
        "values": values,
    }


def timed(work: Callable[[], object]) -> tuple[float, float, object]:
    """Wall seconds, CPU seconds of this process (all its threads), and what the work gave."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def alternately(rounds: int, **works: Callable[[], object]) -> dict[str, dict[str, list]]:
    """Run the works in turn, `rounds` times over: what disturbs the machine disturbs all alike.

    The order turns round from round to round. Per name: lists of wall, cpu and result.
    """
    seen = {name: {"wall": [], "cpu": [], "result": []} for name in works}
    for number in range(rounds):
        for name in list(works)[:: 1 if number % 2 == 0 else -1]:
            wall, cpu, result = timed(works[name])
            for key, value in (("wall", wall), ("cpu", cpu), ("result", result)):
                seen[name][key].append(value)
    return seen


def ratio(slow: dict, fast: dict) -> dict:
    """slow / fast, round by round, in wall and in CPU time."""
    return {
        key: spread([s / f for s, f in zip(slow[key], fast[key], strict=True)])
        for key in ("wall", "cpu")
    }


def part_of(dataset: Dataset, train: int, test: int) -> Dataset:
    """The first so many training and test images of a data set."""
    return Dataset(
        name=f"{dataset.name}[{train}]",
        train_x=dataset.train_x[:train],
        train_y=dataset.train_y[:train],
        test_x=dataset.test_x[:test],
        test_y=dataset.test_y[:test],
        classes=dataset.classes,
        source=dataset.source,
        licence=dataset.licence,
    )


def cifar10_jpeg() -> Dataset | None:
    """CIFAR-10 from a zip of JPEG files, train/CLASS/NNNN.jpg: a lossy copy, always named as such.

    Looked for as cifar10_jpeg/cifar10-jpg.zip in the data folders; None where it is not there.
    """
    found = [f / "cifar10_jpeg" / "cifar10-jpg.zip" for f in data.data_folders()]
    found = [path for path in found if path.exists()]
    if not found:
        return None
    from PIL import Image

    with zipfile.ZipFile(found[0]) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith(".jpg"))
        classes = sorted({n.split("/")[-2] for n in names})
        parts: dict[str, tuple[list, list]] = {"train": ([], []), "test": ([], [])}
        for name in names:
            part, label = name.split("/")[-3], classes.index(name.split("/")[-2])
            image = Image.open(BytesIO(archive.read(name))).convert("RGB")
            parts[part][0].append(np.asarray(image))
            parts[part][1].append(label)
    tensors = {}
    for part, (images, labels) in parts.items():
        # the files are sorted by class: mix them, always alike
        order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
        x = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)[order].contiguous()
        tensors |= {f"{part}_x": x, f"{part}_y": torch.tensor(labels)[order]}
    return Dataset(
        name="CIFAR-10, JPEG copy",
        classes=tuple(classes),
        source="Krizhevsky, Learning Multiple Layers of Features, 2009; lossy JPEG copy",
        licence="none stated",
        **tensors,
    )


def fashion_mnist() -> Dataset | None:
    """Fashion-MNIST, or None where it is not at hand."""
    return data.load("fashion_mnist") if data.at_hand("fashion_mnist") else None


def write(name: str, result: dict, toy: bool) -> None:
    """The result as JSON, with the machine, beside this file; what a toy gave is not kept."""
    if toy:
        return
    path = HERE / f"{name}.json"
    path.write_text(json.dumps({"machine": machine(), **result}, indent=1) + "\n")
    print(f"written: {path.relative_to(HERE.parent)}")


def table(rows: list[list[object]], head: list[str]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def plus_minus(values: list[float], scale: float = 1.0, digits: int = 2) -> str:
    """Mean, and one standard deviation over the values."""
    mean = scale * statistics.mean(values)
    deviation = scale * statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{mean:.{digits}f} ± {deviation:.{digits}f}"


def arguments(description: str, **counts: int) -> argparse.Namespace:
    """--toy, and one whole number per name."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--toy", action="store_true", help="a minute, to see that it runs")
    for name, value in counts.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=value)
    options = parser.parse_args()
    print(f"{Path(sys.argv[0]).name}: {json.dumps(machine())}", flush=True)
    return options
