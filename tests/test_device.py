"""helpers.device: the environment report's fixes, for faults that are made up here."""

import importlib.metadata
import os
import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest
import torch

from helpers import device


def fixes(report):
    return {what: fix for what, _, fix in report.problems}


def test_report_on_this_machine_is_readable(tmp_path):
    text = str(device.environment_report(tmp_path))
    assert torch.__version__.split("+")[0] in text
    assert "digits, glyphs" in text


def test_report_without_torch_says_how_to_mend(tmp_path):
    """In a fresh Python where `import torch` fails as if it were not installed."""
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from helpers import device; print(device.environment_report())"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert "! torch" in result.stdout and "make lab" in result.stdout


def test_missing_and_old_packages(monkeypatch):
    real = importlib.metadata.version

    def version(name):
        if name == "nbgrader":
            raise importlib.metadata.PackageNotFoundError(name)
        return "3.1.0" if name == "matplotlib" else real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    found = fixes(device.environment_report())
    assert "make lab" in found["nbgrader"]
    assert "3.9 or later" in found["matplotlib"]
    assert "numpy" not in found


def test_torch_and_torchvision_that_do_not_match(monkeypatch):
    from torchvision import ops

    def broken(*_args):
        raise RuntimeError("operator torchvision::nms does not exist")

    monkeypatch.setattr(ops, "nms", broken)
    assert "make lab" in fixes(device.environment_report())["torch and torchvision"]


def test_little_memory(monkeypatch):
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=0.7e9))
    assert "close other programs" in fixes(device.environment_report())["memory"]


def test_one_thread_of_several(monkeypatch):
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1}, raising=False)
    monkeypatch.delenv("COURSE_PINNED", raising=False)
    assert "OMP_NUM_THREADS" in fixes(device.environment_report())["threads"]
    monkeypatch.setenv("COURSE_PINNED", "1")
    assert "threads" not in fixes(device.environment_report())


def test_folder_that_cannot_be_written(tmp_path):
    assert "folder of your own" in fixes(device.environment_report(tmp_path / "absent"))["saving"]


def test_preserved_rng_puts_the_state_back():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    with device.preserved_rng(11):
        inside = torch.rand(1)
    assert torch.equal(torch.rand(2), expected)
    torch.manual_seed(11)
    assert torch.equal(torch.rand(1), inside)


@pytest.mark.parametrize(
    "cuda, mps, kind", [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")]
)
def test_pick(monkeypatch, cuda, mps, kind):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert device.pick().type == kind


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives memory back so")
def test_memory_that_is_kept_is_not_cleared_anew():
    code = """
import ctypes, resource, torch
from helpers.device import keep_freed_memory

# as glibc begins: each large block is a mapping of its own, which ends when the block is freed
ctypes.CDLL(None).mallopt(-3, 1 << 20)

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    blocks = [torch.ones(6 << 20) for _ in range(5)]  # 24 MB each
    del blocks
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

given_back = [faults() for _ in range(4)][-1]
assert keep_freed_memory()
kept = min(faults() for _ in range(12))  # the heap takes some rounds to be as large as is needed
print(given_back, kept)
assert kept < given_back / 10
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
