"""One training script alone or on many processes: what the loop asks of torch.distributed.

Under `torchrun --nproc-per-node 4 script.py` every process runs the whole script, on its share of
every batch (`batch_size` counts all examples); gradients are added up. Losses equal those of one
process but for rounding, dropout and augmentation. If one fails, all end; with `checkpoint` the
same command goes on, as torchrun does by itself with `--max-restarts 3` and (PyTorch issue 135712)
TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1.
"""

import atexit
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import torch
import torch.distributed as dist
from torch import Tensor, nn


@dataclass(frozen=True)
class World:
    """Which process this is, of how many; `torchrun` numbers them from 0."""

    rank: int = 0
    size: int = 1

    def share(self, rows: Tensor) -> Tensor:
        """This process's part of the rows, in order; parts differ by one row at most."""
        return rows if self.size == 1 else rows.tensor_split(self.size)[self.rank]

    def sum(self, tensor: Tensor) -> Tensor:
        """The sum over all processes, in place; every process gets it."""
        if self.size > 1:
            dist.all_reduce(tensor)
        return tensor

    def gather(self, thing) -> list:
        """One thing from each process, in order of rank; every process gets the list."""
        things = [thing] * self.size
        if self.size > 1:
            dist.all_gather_object(things, thing)
        return things

    def from_first(self, thing):
        """What process 0 has, in every process."""
        box = [thing]
        if self.size > 1:
            dist.broadcast_object_list(box, src=0)
        return box[0]


def join(device: torch.device) -> World:
    """Join the other processes that torchrun started, if it did; the group lasts until the exit."""
    if not dist.is_available():
        return World()
    if not dist.is_initialized():
        if not dist.is_torchelastic_launched():
            return World()
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
        atexit.register(dist.destroy_process_group)
    return World(dist.get_rank(), dist.get_world_size())


def own_device(device: torch.device) -> torch.device:
    """Under torchrun, the GPU of this process: the one with its number on this machine."""
    local_rank = os.environ.get("LOCAL_RANK")
    if device.type != "cuda" or device.index is not None or local_rank is None:
        return device
    if int(local_rank) >= torch.cuda.device_count():
        raise ValueError(
            f"process {local_rank} of this machine has no GPU of its own: there are "
            f"{torch.cuda.device_count()}; start that many with --nproc-per-node"
        )
    torch.cuda.set_device(int(local_rank))
    return torch.device("cuda", int(local_rank))


def same_start(nets: Iterable[nn.Module], world: World) -> None:
    """Every process gets the weights and buffers of process 0."""
    if world.size > 1:
        for net in nets:
            for tensor in net.state_dict().values():
                dist.broadcast(tensor, src=0)


@torch.no_grad()
def add_gradients(parameters: list[nn.Parameter], world: World) -> None:
    """Every parameter's gradient becomes the sum over all processes, in one message.

    A parameter that no process used keeps none; one that some did not use counts as 0 there.
    The message is always laid out alike, so that a run that is resumed adds in the same order.
    """
    if world.size == 1:
        return
    used = torch.tensor([p.grad is not None for p in parameters], device=parameters[0].device)
    parts = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
    message = torch.cat([used.float(), *(part.flatten() for part in parts)])
    dist.all_reduce(message)
    count, *sums = message.split([len(parts), *(p.numel() for p in parameters)])
    for p, total, anywhere in zip(parameters, sums, count.tolist(), strict=True):
        p.grad = total.view(p.shape).to(p.dtype) if anywhere else None


# what torch says where another process is gone
LOST = ("Connection closed by peer", "Connection reset by peer", "Broken pipe", "NCCL")


@contextmanager
def explained(world: World) -> Iterator[None]:
    """Say which process failed; where it was another one, say that."""
    try:
        yield
    except BaseException as error:
        if world.size == 1:
            raise
        # leave without waiting for the others: torchrun sees the failure and ends them
        atexit.unregister(dist.destroy_process_group)
        if isinstance(error, RuntimeError) and any(sign in str(error) for sign in LOST):
            raise RuntimeError(
                f"process {world.rank} of {world.size} stops because another process ended; "
                "the reason is in that one's message. A checkpoint, if there is one, is whole: "
                "start the same command again to go on from it."
            ) from error
        error.add_note(f"This happened in process {world.rank} of {world.size}.")
        raise


class _Sum(torch.autograd.Function):
    """The sum over all processes; its gradient is the sum of theirs."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        x = x.clone()
        dist.all_reduce(x)
        return x

    backward = forward


@contextmanager
def shared_batch_norm(nets: Iterable[nn.Module], world: World) -> Iterator[SimpleNamespace]:
    """In the block, every batch normalisation of the nets uses the batch of all processes.

    torch.nn.SyncBatchNorm does the same, on GPUs only. Gives an object whose `idle` is set where
    this process runs a borrowed example, which must not count.
    """
    kind, state = nn.modules.batchnorm._BatchNorm, SimpleNamespace(idle=False)
    modules = [m for net in nets for m in net.modules()] if world.size > 1 else []
    layers = [m for m in modules if isinstance(m, kind)]
    for layer in layers:
        layer.forward = partial(_over_all, layer, state)
    try:
        yield state
    finally:
        for layer in layers:
            del layer.forward


def _over_all(layer: nn.Module, state: SimpleNamespace, x: Tensor) -> Tensor:
    if not layer.training:
        return type(layer).forward(layer, x)
    counts = 0.0 if state.idle else 1.0
    dims = [0, *range(2, x.ndim)]  # all but the channels
    wide = x.float()  # (B, C, ...)
    column = [1, -1] + [1] * (x.ndim - 2)
    n = _Sum.apply(torch.tensor(counts * x.numel() / x.size(1), device=x.device))
    mean = _Sum.apply(counts * wide.sum(dims)) / n  # (C,)
    centred = wide - mean.view(column)
    var = _Sum.apply(counts * centred.square().sum(dims)) / n  # (C,)
    if layer.track_running_stats:
        layer.num_batches_tracked += 1
        momentum = layer.momentum
        if momentum is None:  # the plain mean over all batches so far
            momentum = 1 / layer.num_batches_tracked.item()
        unbiased = var.detach() * n / (n - 1).clamp_min(1)
        layer.running_mean.lerp_(mean.detach().to(layer.running_mean.dtype), momentum)
        layer.running_var.lerp_(unbiased.to(layer.running_var.dtype), momentum)
    y = centred * torch.rsqrt(var + layer.eps).view(column)
    if layer.affine:
        y = y * layer.weight.view(column) + layer.bias.view(column)
    return y.to(x.dtype)
