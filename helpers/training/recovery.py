"""A run that fails, is stopped or killed: what is said, what is put back, how it goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from helpers.training import checkpoint
from helpers.training.history import TrainingError
from helpers.training.sources import moved


@contextmanager
def failures_explained(loop) -> Iterator[None]:
    """Where training cannot go on: a clear error, and the state of the last whole epoch."""
    try:
        yield
    except Exception as error:
        failure = explanation(loop, error)
        if failure is None:
            raise
        loop.history.cut(loop.saved)
        failure.history = loop.history
        if loop.kept:
            checkpoint.load_weights(loop.nets, loop.kept)
            at = len(loop.history) if loop.unit == "epoch" else loop.saved
            which = f"of {loop.unit} {at}" if at else "it began with"
            failure.args = (f"{failure} The model has the weights {which} again.",)
        raise failure from (None if failure is error else error)


def interrupted(loop) -> None:
    """After Ctrl-C: the history of what was finished, and a line that says what there is."""
    loop.record_updates()
    loop.history.cut(loop.done)
    loop.history.stopped = "interrupted"
    weights = "keeps the weights it has now"
    if loop.best.weights is not None or loop.average.weights:
        weights = "gets its best or averaged weights so far"
    epochs = len(loop.history) + 1, loop.updates // loop.every
    at, of = epochs if loop.unit == "epoch" else (loop.now, loop.updates)
    print(
        f"Interrupted in {loop.unit} {at} of {of}. The model {weights}; the history holds the "
        f"{len(loop.history)} {'epochs' if loop.unit == 'epoch' else 'records'} that were finished."
    )


def check_finite(loop) -> None:
    """Raise where the mean of a loss since the last record is not finite."""
    for name, value in loop.means.items():
        if torch.as_tensor(value).isfinite().all():
            continue
        at = f"epoch {len(loop.history) + 1}" if loop.unit == "epoch" else f"step {loop.done}"
        steps = loop.history.updates.get(name, [])
        bad = [i + 1 for i, one in enumerate(steps) if not torch.tensor(one).isfinite().all()]
        also = "clip=1.0"
        if len(loop.nets) > 1:
            also = "keep the critic bounded: penalty, clip, spectral normalisation"
        raise TrainingError(
            f"the {name.replace('_', ' ')} became {torch.as_tensor(value).tolist()} in "
            f"{f'step {bad[0]}' if bad else at}: usually the learning rate is too high "
            f"(it was {loop.rate:g}); try a tenth of it, or {also}"
        )


def explanation(loop, error: Exception) -> TrainingError | None:
    """What to tell the user, or None where the error speaks for itself."""
    if isinstance(error, TrainingError):
        return error
    kinds = (MemoryError, torch.OutOfMemoryError)
    if isinstance(error, kinds) or "can't allocate memory" in str(error):
        return TrainingError(
            f"out of memory on {loop.device}: try a smaller batch_size, or accumulate="
            f"{2 * loop.plan.updating.accumulate} (the same batch in more pieces)"
            + (", or precision='bfloat16'" if loop.device.type == "cuda" else "")
            + "; close other programs and notebooks that hold memory."
        )
    if loop.plan.hardware.compile and type(error).__module__.startswith("torch._"):
        first = str(error).strip().splitlines()[0]
        return TrainingError(
            f"torch.compile does not work here ({type(error).__name__}: {first}): "
            "leave out compile=True."
        )
    return None


def save(loop, path: Path) -> None:
    """Process 0 writes the state after this update."""
    source = {name: getattr(loop.source, name) for name in loop.source.changing}
    own = loop.world.gather({"random": checkpoint.random_state(loop.device), "source": source})
    if loop.world.rank == 0:
        state = {
            "same": loop.same,
            "nets": loop.kept,
            "optimisers": {name: o.state_dict() for name, o in loop.optimisers.items()},
            "scaler": loop.scaler.state_dict(),
            "average": {"updates": loop.average.updates, "weights": loop.average.weights},
            "order": loop.order.get_state(),
            "own": own,  # of each process
            "done": loop.done,
            "history": vars(loop.history),
            "best": vars(loop.best),
        }
        checkpoint.write(path, state)


def resume(loop, path: Path) -> None:
    """Go on from the file, if it is there; process 0 reads it for all."""
    state = loop.world.from_first(checkpoint.read(path) if loop.world.rank == 0 else None)
    if state is None:
        return
    for name, value in loop.same.items():
        if (was := state["same"].get(name)) != value:
            why = f"it was written with {name}={was!r}, now {value!r}"
            raise checkpoint.does_not_fit(path, why)
    try:
        checkpoint.load_weights(loop.nets, state["nets"])
        for name, optimiser in loop.optimisers.items():
            optimiser.load_state_dict(state["optimisers"][name])
        loop.scaler.load_state_dict(state["scaler"])
        vars(loop.average).update(moved(state["average"], loop.device))
    except Exception as error:
        raise checkpoint.does_not_fit(path, type(error).__name__) from error
    loop.order.set_state(state["order"])
    if loop.world.size == len(state["own"]):
        own = state["own"][loop.world.rank]
        checkpoint.set_random_state(own["random"], loop.device)
        vars(loop.source).update(moved(own["source"], loop.device))
    elif any(state["own"][0]["source"].values()):
        why = f"it was written by {len(state['own'])} processes, now {loop.world.size}"
        raise checkpoint.does_not_fit(path, why)
    loop.done = loop.saved = state["done"]
    vars(loop.history).update(state["history"])
    vars(loop.best).update(state["best"])
