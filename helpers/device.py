"""What is here: the device, the environment report with its fixes, random numbers, memory."""

from __future__ import annotations  # an old Python, too, comes as far as the report of it

import contextlib
import ctypes
import importlib
import importlib.metadata
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


def pick():
    """The best `torch.device` here: "cuda", then "mps" (Apple), then "cpu"."""
    import torch

    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@contextlib.contextmanager
def preserved_rng(seed: int | None = None) -> Iterator[None]:
    """Run a block (seeded, if a seed is given) and put torch's random state back afterwards."""
    import torch

    with torch.random.fork_rng():
        if seed is not None:
            torch.manual_seed(seed)
        yield


def keep_freed_memory() -> bool:
    """Let this process keep large blocks of memory that it frees; whether that can be had.

    glibc gives them back to the system. A training step on a CPU frees its activations and
    asks for as much again in the next step, and the system clears every page anew.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is None:  # not glibc
        return False
    trim_threshold, mmap_threshold = -1, -3  # their numbers in malloc.h
    return bool(mallopt(trim_threshold, 2**31 - 1) and mallopt(mmap_threshold, 32 << 20))


Row = tuple[str, str, str]  # what, found, fix; a fix of "" means that all is well


class Report:
    """What is here, row by row; `problems` are the rows that have a fix."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.problems = [row for row in rows if row[2]]

    def __repr__(self) -> str:
        width = max(len(what) for what, _, _ in self.rows)
        lines = []
        for what, found, fix in self.rows:
            lines.append(f"{'!' if fix else ' '} {what:<{width}}  {found}")
            if fix:
                lines.append(f"  {'':<{width}}  fix: {fix}")
        count = len(self.problems)
        lines.append("Everything is in place." if not count else f"To mend: {count}, marked !")
        return "\n".join(lines)


# the smallest versions that the course is tested with
_NEEDED = {
    "torch": (2, 6),
    "torchvision": (0, 21),
    "numpy": (1, 26),
    "matplotlib": (3, 9),
    "sklearn": (1, 5),
    "ipywidgets": (8, 1),
    "nbgrader": (0, 9),
}
_REINSTALL = "close JupyterLab, then `make lab` in the course folder (it repairs the set-up)"


def environment_report(work_folder: Path | str = ".") -> Report:
    """Versions, device, threads, memory, data sets at hand, with a fix for what is wrong.

    work_folder: where the reader's own work is saved, tried for write permission.
    """
    too_old = sys.version_info < (3, 11)
    fix = "install Python 3.11 or later, then `make lab`" * too_old
    rows = [("Python", platform.python_version(), fix)]
    rows += [_package(module, least) for module, least in _NEEDED.items()]
    rows += [*_pair(), *_hardware(), _saving(Path(work_folder)), *_data_sets()]
    return Report(rows)


def _package(module: str, least: tuple[int, ...]) -> Row:
    name = "scikit-learn" if module == "sklearn" else module
    try:
        version = importlib.metadata.version(name)
        if module != "nbgrader":  # large, and it runs in JupyterLab's process, not in this one
            importlib.import_module(module)
    except importlib.metadata.PackageNotFoundError:
        return name, "not installed", _REINSTALL
    except Exception as error:  # a broken binary raises nearly anything
        return name, f"cannot be imported ({type(error).__name__}: {error})", _REINSTALL
    found = tuple(int(p) for p in version.split("+")[0].split(".")[:2] if p.isdigit())
    wanted = ".".join(map(str, least))
    return name, version, "" if found >= least else f"{wanted} or later is needed: {_REINSTALL}"


def _pair() -> Iterator[Row]:
    """torch 2.N goes with torchvision 0.(N + 14 or 15): a mismatch breaks compiled operations."""
    try:
        import torch
        from torchvision.ops import nms

        nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
    except ImportError:
        return  # reported above
    except Exception as error:
        yield "torch and torchvision", f"do not match ({type(error).__name__})", _REINSTALL


def _hardware() -> Iterator[Row]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        import torch
    except Exception:  # reported above
        yield "processor", f"{cores} cores", ""
        return
    device = pick()
    name = torch.cuda.get_device_name() if device.type == "cuda" else "no GPU is needed"
    yield "device", f"{device} ({name})", ""
    threads = torch.get_num_threads()
    # `make notebooks` and the tests pin one thread on purpose, for results that repeat
    pinned = os.environ.get("COURSE_PINNED") == "1"
    one_of_many = threads == 1 and cores > 1 and not pinned
    fix = "unset OMP_NUM_THREADS, or torch.set_num_threads(2): lectures then run faster"
    on_purpose = " (pinned, for results that repeat)" if pinned else ""
    yield "threads", f"{threads} of {cores} cores{on_purpose}", fix * one_of_many
    with contextlib.suppress(ImportError):  # it comes with JupyterLab
        import psutil

        free = psutil.virtual_memory().available / 1e9
        fix = "close other programs and idle notebooks: the lectures need 2 GB" * (free < 2)
        yield "memory", f"{free:.1f} GB free", fix


def _saving(folder: Path) -> Row:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return "saving", "this folder can be written", ""
    except OSError as error:
        fix = "copy the course to a folder of your own, or ask for write permission"
        return "saving", f"cannot write to this folder ({error.strerror})", fix


def _data_sets() -> Iterator[Row]:
    try:
        from helpers import data
    except Exception:  # torch or numpy is missing, reported above
        return
    here = [name for name in data.REAL if data.at_hand(name)]
    yield "data sets", ", ".join([*data.EMBEDDED, *here]), ""
    away = [name for name in data.REAL if name not in here]
    if away:
        hint = "data.load(NAME, download=True) fetches one; no lecture needs them"
        yield "not at hand", f"{', '.join(away)} ({hint})", ""
