"""Where and in which precision a net is trained, and what of it is fast on this processor."""

import functools
import os
import warnings
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import nn

from helpers.device import keep_freed_memory, pick
from helpers.training import processes

PRECISIONS = {"float32": None, "bfloat16": torch.bfloat16, "float16": torch.float16}


@functools.cache
def fast_bfloat16(kind: str) -> bool:
    """Whether a device ("cuda", "cpu") has instructions for bfloat16 (a CPU: AVX-512 BF16, AMX)."""
    if kind == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    allowed = os.environ.get("ONEDNN_MAX_CPU_ISA", "ALL").upper()
    slow = ("SSE41", "AVX", "AVX512_CORE", "AVX512_CORE_VNNI")
    held_back = allowed in slow or allowed.startswith("AVX2")
    if kind != "cpu" or held_back or "512" not in torch.backends.cpu.get_cpu_capability():
        return False
    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")  # not in every version
    return any(getattr(torch.cpu, name, lambda: False)() for name in asked)


@dataclass(frozen=True)
class Hardware:
    """Where training runs (device None: the best there is), and how.

    precision: "float32", "bfloat16" or "float16" (autocast); "fast", bfloat16 where that is fast,
    else float16 on a GPU and float32 elsewhere; "auto", "fast" on a GPU, float32 elsewhere.
    channels_last, fused (the optimiser's update in one kernel): None is yes on a GPU; on a CPU
    they are faster too, and change the last bits of results.
    """

    device: torch.device | str | None = None
    precision: str = "auto"
    channels_last: bool | None = None
    fused: bool | None = None
    compile: bool = False

    def __post_init__(self) -> None:
        known = ("auto", "fast", *PRECISIONS)
        if self.precision not in known:
            raise ValueError(f"unknown setting {self.precision!r}; there are: {', '.join(known)}")

    def chosen(self) -> torch.device:
        """The device asked for, or the best one; under torchrun each process has its own GPU."""
        device = torch.device(self.device) if self.device is not None else pick()
        try:
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError) as error:  # no driver; built without it
            raise ValueError(
                f"the device {device} is not to be had here ({str(error).splitlines()[0]}); "
                "leave out device= to take the best there is"
            ) from error
        if self.precision == "bfloat16" and not fast_bfloat16(device.type):
            warnings.warn(
                f"bfloat16 is slow here: this {device.type} has no instructions for it, and takes "
                "longer than with float32; precision='fast' takes what is fast.",
                stacklevel=2,
            )
        return processes.own_device(device)

    def dtype(self, device: torch.device) -> torch.dtype | None:
        """The type that autocast computes in, or None for no autocast."""
        if self.precision in PRECISIONS:
            return PRECISIONS[self.precision]
        if device.type == "cuda":
            return torch.bfloat16 if fast_bfloat16("cuda") else torch.float16
        return torch.bfloat16 if self.precision == "fast" and fast_bfloat16(device.type) else None

    def autocast(self, device: torch.device) -> AbstractContextManager:
        dtype = self.dtype(device)
        return nullcontext() if dtype is None else torch.autocast(device.type, dtype)

    def place(self, net: nn.Module, device: torch.device) -> None:
        """The net on the device, in the memory format asked for."""
        if device.type == "cpu":
            keep_freed_memory()
        net.to(device)
        if device.type != "cpu" if self.channels_last is None else self.channels_last:
            net.to(memory_format=torch.channels_last)
        if self.compile:
            net.compile()

    def fuses(self, device: torch.device) -> bool:
        return device.type == "cuda" if self.fused is None else self.fused
