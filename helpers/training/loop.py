"""The one loop: a source of batches, a step that yields losses, updates, a history.

A classifier's step is one line, `yield F.cross_entropy(net(x), y)`. Two adversaries yield the
discriminator's loss; the loop steps that net's optimiser, and only then the step goes on, and
yields the generator's. Runs side by side yield one loss each, `(S,)`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import torch
from torch import Tensor, nn

from helpers.device import preserved_rng
from helpers.models.modes import train_mode
from helpers.training import checkpoint, processes, recovery
from helpers.training.history import History, TrainingError, log_last, logger, progress_bar
from helpers.training.numbers import Loss, Numbers, Piece
from helpers.training.plan import PLATEAU, Average, Plan, clip_gradients
from helpers.training.sources import Source

Step = Callable[..., Iterator[Tensor | Loss]]


class Loop:
    """One run: it updates nets by the losses of a step, as a plan says."""

    def __init__(
        self,
        step: Step,
        source: Source,
        nets: nn.Module | dict[str, nn.Module],
        plan: Plan,
        *,
        seed: int = 0,
        unit: str = "step",
        keep: tuple[str, ...] = (),
        same: dict | None = None,
    ) -> None:
        """unit: "epoch" or "step", what progress counts. keep: numbers to record at every update.

        same: what must not change between a checkpoint and the run that goes on from it.
        """
        self.step, self.source, self.plan = step, source, plan
        self.nets = nets if isinstance(nets, dict) else {"model": nets}
        self.unit = unit
        self.same = checkpoint.plain({**plan.same(), "seed": seed, **(same or {})})
        self.parameters = {
            name: [p for p in net.parameters() if p.requires_grad]
            for name, net in self.nets.items()
        }
        if not all(self.parameters.values()):
            raise TrainingError(
                "the model has no parameter that requires a gradient: nothing to train"
            )
        self.device = plan.hardware.chosen()
        self.world = processes.join(self.device)
        self.history = History()
        self.best = SimpleNamespace(loss=math.inf, epoch=0, weights=None)  # by the held-out loss
        self.order = torch.Generator().manual_seed(int(seed))
        self.numbers = Numbers(self.world, keep)
        self.done = self.now = self.saved = 0  # updates
        self.rate = 0.0
        self.kept: dict = {}  # the weights that belong to the history, for the case of a failure

    def run(self, updates: int, every: int, after: Callable[[Loop], dict] | None = None) -> History:
        """So many updates; after every so many, record, save, and see whether to stop."""
        self.updates, self.every = updates, every or updates
        self.after, self.records = after or (lambda loop: loop.means), bool(every)
        keeping, first = self.plan.keeping, self.world.rank == 0
        total = self.updates // self.every if self.unit == "epoch" else self.updates
        with ExitStack() as stack:
            stack.enter_context(processes.explained(self.world))
            if not first:  # dropout and augmentation draw other numbers in each process
                stack.enter_context(preserved_rng(torch.initial_seed() + self.world.rank))
            for net in self.nets.values():
                stack.enter_context(train_mode(net))
            stack.enter_context(recovery.failures_explained(self))
            bar = progress_bar(total, self.unit, first and keeping.progress)
            self.bar = stack.enter_context(bar)
            self.prepare(stack)
            if keeping.checkpoint is not None:
                recovery.resume(self, Path(keeping.checkpoint))
            self.kept = checkpoint.weights(self.nets)
            shared = processes.shared_batch_norm(self.nets.values(), self.world)
            self.batch_norm = stack.enter_context(shared)
            log_dir = keeping.log_dir if first else None
            self.log = stack.enter_context(logger(log_dir, len(self.history)))
            self.bar.set_description("")
            self.bar.update(len(self.history) if self.unit == "epoch" else self.done)
            self.periods()
        return self.history

    def prepare(self, stack: ExitStack) -> None:
        """Nets and data on the device, an optimiser over each net."""
        hardware, device = self.plan.hardware, self.device
        for net in self.nets.values():
            hardware.place(net, device)
            if hardware.compile:
                stack.callback(setattr, net, "_compiled_call_impl", None)
        processes.same_start(self.nets.values(), self.world)
        self.source.to(device)
        fused = hardware.fuses(device)
        self.optimisers = {
            name: self.plan.updating.make(parameters, fused)
            for name, parameters in self.parameters.items()
        }
        groups = [g for o in self.optimisers.values() for g in o.param_groups]
        self.highest = [float(g["lr"]) for g in groups]  # each group has its own rate
        half = hardware.dtype(device) == torch.float16
        self.scaler = torch.amp.GradScaler(device.type, enabled=half)
        # after the processes took over the weights of process 0
        ema = self.plan.updating.ema
        averaged = [] if ema is None else self.parameters.values()
        self.average = Average([p for parameters in averaged for p in parameters], ema or 0)

    def periods(self) -> None:
        """Train and record, period by period, to the last one or until something stops it."""
        try:
            while self.done < self.updates and not self.history.stopped:
                self.period()
        except KeyboardInterrupt:
            if self.world.size > 1:
                raise  # the processes were interrupted at different places: all must end
            recovery.interrupted(self)
        if self.best.weights is not None:
            checkpoint.load_weights(self.nets, self.best.weights)
        else:
            self.average.swap()

    def period(self) -> None:
        """The updates up to the next record, and the record."""
        started, cpu = time.perf_counter(), time.process_time()
        self.numbers.begin()
        for _ in range(min(self.every - self.done % self.every, self.updates - self.done)):
            self.update()
        self.record_updates()
        self.means = self.numbers.means()
        recovery.check_finite(self)
        self.history.cpu_seconds += time.process_time() - cpu
        if self.records and self.done % self.every == 0:
            self.average.swap()  # what is judged is the average, if there is one
            try:
                numbers = self.after(self)
                seconds = time.perf_counter() - started
                self.history.add({**numbers, "learning_rate": self.rate, "seconds": seconds})
                self.see_best()
            finally:
                self.average.swap()
            log_last(self.log, self.history)
            shown = [f"{k} {v:.3g}" for k, v in numbers.items() if isinstance(v, float)]
            self.bar.set_postfix_str(", ".join(shown[:4]))
        self.kept = checkpoint.weights(self.nets)
        self.saved = self.done
        if self.plan.keeping.checkpoint is not None:
            recovery.save(self, Path(self.plan.keeping.checkpoint))
        if self.unit == "epoch":
            self.bar.update()

    def record_updates(self) -> None:
        for name, values in self.numbers.by_update().items():
            self.history.updates.setdefault(name, []).extend(values)

    def see_best(self) -> None:
        """Compare the held-out loss with the lowest so far, and stop where patience ends."""
        patience, losses = self.plan.keeping.patience, self.held_out()
        if not losses and (patience or self.plan.schedule.schedule == PLATEAU):
            raise TrainingError('patience and "plateau" need a "val_loss" among what is recorded')
        if patience is not None:
            if losses[-1] < self.best.loss:
                own = checkpoint.weights(self.nets)
                self.best = SimpleNamespace(loss=losses[-1], epoch=len(losses), weights=own)
            if len(losses) - self.best.epoch >= patience:
                part = self.history.held_out[1]
                self.history.stopped = f"no lower {part} loss for {patience} epochs"

    def held_out(self) -> list[float]:
        return self.history.series.get(f"{self.history.held_out[0]}_loss", [])

    def update(self) -> None:
        """One batch through the step, in pieces and over the processes, loss by loss."""
        self.now = self.done + 1
        rows = self.source.draw(self.order)
        self.set_rates()
        count = max(1, min(self.plan.updating.accumulate, len(rows) // self.source.least))
        pieces = [self.piece(part, len(rows)) for part in rows.tensor_split(count)]
        while self.turn(pieces, len(rows)):
            pass
        self.average.update()
        self.numbers.end_update()
        self.done += 1
        if self.unit == "step":
            self.bar.update()

    def set_rates(self) -> None:
        groups = [g for o in self.optimisers.values() for g in o.param_groups]
        for group, highest in zip(groups, self.highest, strict=True):
            rate = self.plan.schedule.rate(highest, self.done, self.updates, self.held_out())
            group["lr"] = rate
        self.rate = groups[0]["lr"]

    def piece(self, rows: Tensor, whole: int) -> Piece:
        """This process's share of a piece of the batch; one that does not count if it has none."""
        mine = self.world.share(rows)
        borrowed = rows[:1] if len(mine) == 0 else mine

        def losses() -> Iterator[Tensor | Loss]:
            yield from self.step(self.source.batch(borrowed))

        return Piece(losses(), len(mine), len(mine) / whole)

    def turn(self, pieces: list[Piece], whole: int) -> bool:
        """The next loss of every piece, and the step of its net's optimiser; False after the last.

        Every piece and every process adds its part of the one gradient: its mean loss, weighted
        by its share of the examples, or of what the losses say they are means over.
        """
        losses = []
        for piece in pieces:
            self.batch_norm.idle = piece.weight == 0
            with self.plan.hardware.autocast(self.device):
                given = next(piece.losses, None)
            if given is None:
                continue
            loss = given if isinstance(given, Loss) else Loss(given)
            name = loss.net or next(iter(self.nets))
            if not losses:
                self.optimisers[name].zero_grad(set_to_none=True)
            self.backward(loss, name, piece.weight, whole)
            losses.append((loss, piece))
        if not losses:
            return False
        if len(losses) < len(pieces):
            raise TrainingError(
                "the step yielded more losses for one piece of a batch than another"
            )
        self.step_optimiser(name, self.numbers.see(losses, whole), loss.value.ndim > 0)
        return True

    def backward(self, loss: Loss, name: str, weight: float, whole: int) -> None:
        if loss.count is not None:
            weight = (weight > 0) * loss.count / whole
        value = loss.value if weight == 1 else loss.value * weight
        # runs side by side share nothing: the sum keeps them apart
        value = self.scaler.scale(value.sum() if value.ndim else value)
        value.backward(inputs=self.parameters[name] if len(self.nets) > 1 else None)

    def step_optimiser(self, name: str, factor: float, runs: bool) -> None:
        """The update of one net, its gradient added up over the processes, true and clipped."""
        parameters, optimiser = self.parameters[name], self.optimisers[name]
        processes.add_gradients(parameters, self.world)
        if factor != 1:
            for p in parameters:
                if p.grad is not None:
                    p.grad.mul_(factor)
        clip = self.plan.updating.clip
        if clip is not None:
            self.scaler.unscale_(optimiser)
            norm = clip_gradients(parameters, clip, runs)
            self.numbers.last["gradient_norm"] = norm / self.world.size
        self.scaler.step(optimiser)
        self.scaler.update()
