"""Running an answer: on copies, watched, with what it leaves behind put back and told."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from checks import watch
from checks.compare import BLANK, Mistakes, Wrong, alike, begun, causes, fail, known, tensor

ROOM = Path(__file__).parent
OURS = (str(ROOM), str(ROOM.parent / "helpers"))


@dataclass(frozen=True)
class Case:
    """One input: how it is told, what is given, what must come.

    mistakes: what usual ones give, or a function that says so, called only where another came.
    """

    tried: str
    arguments: tuple
    want: Any
    mistakes: Mistakes = None


def item(title: str) -> Callable[[Callable], Callable]:
    """A check of the item of that title: run from torch's own settings, leaving no trace."""

    def decorate(check: Callable) -> Callable:
        @functools.wraps(check)
        def checked(*arguments: Any, **named: Any) -> None:
            try:
                with watch.settled():
                    check(*arguments, **named)
            except Wrong as wrong:
                wrong.item = wrong.item or title
                raise

        return checked

    return decorate


def call(
    function: Callable,
    *arguments: Any,
    tried: str,
    by_hand: Collection[str] | None = None,
    without: Collection[Callable] = (),
    graph: bool = True,
) -> Any:
    """What `function` returns; Wrong if it raises, or leaves something changed that it may not.

    Tensors are given as copies. by_hand: only primitive operations and those named; without:
    functions that it may not call; graph=False: nothing may be kept for a backward pass.
    """
    if not callable(function):
        begun(function, tried)
        fail(tried, "a function", type(function).__name__)
    given = [_copy(a) for a in arguments]
    before, marks, settings = [_copy(a) for a in given], _marks(given), watch.settings()
    with watch.restored():
        result = _run(function, given, tried, by_hand, without, graph)
        left = {k: v for k, v in watch.settings().items() if v != settings[k]}
        changed = [name for name, value in _marks(given).items() if value != marks.get(name)]
        _put_back(given, marks)
    for name, value in left.items():
        fail(f"{tried}: what is left behind", f"{name}: {_told(settings[name])}", _told(value))
    for name in changed:
        likely = "put back what was switched off, frozen, or set by train() or eval()"
        fail(f"{tried}: what is left behind", f"{name} as it was", "changed", likely)
    for number, (a, b) in enumerate(zip(given, before, strict=True), 1):
        if not _unchanged(a, b):
            likely = "an operation in place (+=, a[...] = ..., a name ending in _): clone() first"
            fail(tried, f"argument {number} left as it was", "it was changed", likely)
    return result


def judge(
    function: Callable,
    case: Case,
    probes: Iterable[Case] = (),
    compare: Callable = tensor,
    tolerance: float = 1e-8,
    **watched: Any,
) -> Any:
    """What came for the case; Wrong unless `compare` finds it right.

    Where it is not, the probes (smaller cases, say) are tried as well: a mistake is named only if
    it alone gives what came in all of them, and the smallest case that shows the fault is told.
    """
    came = call(function, *case.arguments, tried=case.tried, **watched)
    named = {"tolerance": tolerance} if tolerance else {}
    first = _fault(compare, came, case, named)
    if first is None:
        return came
    fitting = causes(came, case.want, known(case.mistakes), tolerance)
    shown, size = first, _size(case)
    for probe in probes:
        try:
            other = call(function, *probe.arguments, tried=probe.tried, **watched)
        except Wrong:
            continue
        fault = _fault(compare, other, probe, named)
        gives = known(probe.mistakes) if fitting else {}
        fitting = [t for t in fitting if t not in gives or alike(other, gives[t], tolerance)]
        if fault is not None and _size(probe) < size:
            shown, size = fault, _size(probe)
    if len(fitting) == 1:
        shown.likely = fitting[0]
    raise shown


def gradient(
    function: Callable,
    reference: Callable,
    arguments: tuple[Tensor, ...],
    tried: str,
    by_hand: Collection[str] | None = None,
    without: Collection[Callable] = (),
    tolerance: float = 1e-8,
) -> None:
    """Fail unless the gradients of both functions' outputs, weighted alike, are the same.

    by_hand, without: as in `call`; tolerance: as in `tensor`.
    """
    want = _gradients(reference, arguments, tried)
    with watch.restored():
        came = _gradients(
            lambda *leaves: _run(function, leaves, tried, by_hand, without, True), arguments, tried
        )
    for number, (a, b) in enumerate(zip(came, want, strict=True), 1):
        if a is None:
            likely = "the graph is cut: .detach(), .item(), .numpy(), torch.tensor(...) or no_grad"
            fail(tried, f"a gradient for argument {number}", "none", likely)
        tensor(a, b, f"{tried}, gradient of argument {number}", tolerance=tolerance)


def _gradients(function: Callable, arguments: tuple, tried: str) -> tuple[Tensor | None, ...]:
    leaves = [a.detach().clone().requires_grad_() for a in arguments]
    output = function(*leaves)
    if not isinstance(output, Tensor) or not output.requires_grad:
        return (None,) * len(leaves)
    weights = torch.linspace(-1, 1, output.numel(), dtype=output.dtype).view(output.shape)
    try:
        return torch.autograd.grad((output * weights).sum(), leaves, allow_unused=True)
    except RuntimeError as error:
        fail(f"{tried}, backward through it", "gradients", f"{type(error).__name__}: {error}")


def _run(
    function: Callable,
    given: Iterable[Any],
    tried: str,
    by_hand: Collection[str] | None,
    without: Collection[Callable],
    graph: bool,
) -> Any:
    kept = [0]
    try:
        with ExitStack() as stack:
            if not graph:
                kept = stack.enter_context(watch.graphs())
            if by_hand is not None or without:
                stack.enter_context(watch.by_hand(by_hand, without))
            result = function(*given)
    except watch.Refused as error:
        raise Wrong(tried, "an answer by hand", str(error), at=_at(error)) from error
    except NotImplementedError as error:
        if error.args:  # torch raises it too, with words
            raise _raised(error, tried) from error
        raise Wrong(tried, "an answer", "NotImplementedError", BLANK) from error
    except Exception as error:
        raise _raised(error, tried) from error
    if kept[0]:
        likely = "torch.no_grad() around the calls of the net; eval() does not switch gradients off"
        fail(tried, "no graph for a backward pass", f"one that keeps {kept[0]} tensors", likely)
    return result


def _raised(error: Exception, tried: str) -> Wrong:
    return Wrong(tried, "a result", f"{type(error).__name__}: {error}", at=_at(error))


def _at(error: Exception) -> str:
    """The last line of the answer's own that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "-packages" not in f.filename and not f.filename.startswith(OURS)]
    return f"line {own[-1].lineno} of the cell: {own[-1].line}" if own and own[-1].line else ""


def _copy(value: Any) -> Any:
    """A copy of a tensor, or of a list or tuple with all tensors in it; anything else as it is."""
    if isinstance(value, Tensor) and not isinstance(value, nn.Parameter):
        return value.detach().clone().requires_grad_(value.requires_grad)
    return type(value)(map(_copy, value)) if type(value) in (list, tuple) else value


def _unchanged(value: Any, before: Any) -> bool:
    if isinstance(before, Tensor):
        return isinstance(value, Tensor) and value.dtype == before.dtype and alike(value, before, 0)
    if type(before) in (list, tuple):
        return len(value) == len(before) and all(map(_unchanged, value, before))
    return value is before


def _marks(given: Iterable[Any]) -> dict[str, Any]:
    """The mode of every module and the requires_grad of every tensor in what is given."""
    found = {}
    for number, value in enumerate(given, 1):
        if isinstance(value, nn.Module):
            for name, module in value.named_modules():
                found[f"the mode of argument {number} {name}".strip()] = module.training
            for name, p in value.named_parameters():
                found[f"requires_grad of argument {number}, {name}"] = p.requires_grad
        elif isinstance(value, Tensor):
            found[f"requires_grad of argument {number}"] = value.requires_grad
    return found


def _put_back(given: Iterable[Any], marks: dict[str, Any]) -> None:
    for number, value in enumerate(given, 1):
        if isinstance(value, nn.Module):
            for name, module in value.named_modules():
                key = f"the mode of argument {number} {name}".strip()
                module.training = marks.get(key, module.training)
            for name, p in value.named_parameters():
                key = f"requires_grad of argument {number}, {name}"
                p.requires_grad_(marks.get(key, p.requires_grad))


def _told(value: Any) -> str:
    text = {True: "on", False: "off"}.get(value) if isinstance(value, bool) else str(value)
    return text[:80]


def _fault(compare: Callable, came: Any, case: Case, named: dict) -> Wrong | None:
    try:
        compare(came, case.want, case.tried, **named)
    except Wrong as wrong:
        return wrong
    return None


def _size(case: Case) -> int:
    """How much a reader has to look at: all numbers of the tensors that are given."""
    numbers = [a.numel() for a in case.arguments if isinstance(a, Tensor)]
    return sum(numbers) + sum(a for a in case.arguments if type(a) is int and a > 0)
