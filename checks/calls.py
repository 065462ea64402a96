"""Running an answer: on copies, watched, with what it leaves behind put back and told."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from checks import earlier, settings, watch
from checks.cases import Case, compared, of_all, of_part, size_of
from checks.compare import BLANK, Wrong, begun, fail, short, tensor
from checks.given import copied, left, list_changed, marks_of, parts_of, put_back, unchanged
from checks.raised import meaning
from checks.relations import AS_FAR
from checks.values import alike, read

CUT = "the graph is cut: .detach(), .data, .item(), .numpy(), torch.tensor, nn.Parameter or no_grad"
SECOND = "a second call gives another result: chance, or something kept from call to call"
ODD = "what could get round the watch; write it without this line"
VAGUE = ("every number is 0", "every number is the right one", AS_FAR)  # an edge says more
OURS = (str(Path(__file__).parent), str(Path(__file__).parents[1] / "helpers"))


def item(title: str) -> Callable[[Callable], Callable]:
    """A check of the item of that title: run from torch's own settings, leaving no trace."""

    def decorate(check: Callable) -> Callable:
        @functools.wraps(check)
        def checked(*arguments: Any, **named: Any) -> None:
            try:
                with settings.settled():
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
    most: int = 0,
) -> Any:
    """What `function` returns; Wrong if it raises, or leaves something changed that it may not.

    Tensors are given as copies. by_hand: only primitive operations and those named; without:
    functions that it may not call; graph=False: nothing may be kept for a backward pass; most:
    how many numbers torch may compute for it (0: any), which is too few for finite differences.
    """
    if not callable(function):
        begun(function, tried)
        fail(tried, "a function", type(function).__name__)
    one: dict[int, Any] = {}  # what is given twice is one thing in the copies too
    given = [one.setdefault(id(a), copied(a)) for a in arguments]
    before, marks, there = [copied(a) for a in given], marks_of(given), settings.settings()
    held = [parts_of(a) for a in given]
    with settings.restored():
        result = _run(function, given, tried, by_hand, without, graph, most)
        others, now = settings.settings(), marks_of(given)
        changed = [name for name, value in now.items() if value != marks.get(name)]
        put_back(given, marks)
    for name, value in [(k, v) for k, v in others.items() if v != there[k]]:
        likely = "put it back before the function ends, or use with ...:, which does"
        was, is_now = settings.told(there[name]), settings.told(value)
        fail(f"{tried}: what is left behind", f"{name}: {was}", is_now, likely)
    for number, (a, b, parts) in enumerate(zip(given, before, held, strict=True), 1):
        if not unchanged(a, b):
            likely = "an operation in place (+=, a[...] = ..., a name ending in _): clone() first"
            if list_changed(a, parts):
                likely = "a[i] = ..., pop, remove, sort and the like: list(...) or dict(...) first"
            fail(tried, f"argument {number} left as it was", "it was changed", likely)
    for name in changed:
        fail(f"{tried}: what is left behind", f"{name} as it was", "changed", left(name, now))
    return result


def judge(
    function: Callable,
    case: Case,
    probes: Iterable[Case] = (),
    compare: Callable = tensor,
    tolerance: float = 1e-8,
    **watched: Any,
) -> Any:
    """What came; Wrong unless `compare` finds it right. A mistake is named if it alone fits all probes."""
    named = {"tolerance": tolerance} if tolerance else {}
    try:
        came = call(function, *case.arguments, tried=case.tried, **watched)
    except Wrong as wrong:
        if case.edge and _all_right(function, probes, compare, named, watched):
            wrong.likely = case.edge
        raise
    if (shown := compared(compare, came, case, named)) is None:
        return earlier.right(function, came, case.want)
    own, size, faults = shown, (shown.likely == "", size_of(case)), 0
    runs = [(came, case)]
    for probe in probes:
        try:
            other = call(function, *probe.arguments, tried=probe.tried, **watched)
            fault = compared(compare, other, probe, named)
        except Wrong:
            faults += 1
            continue
        faults += fault is not None
        runs.append((other, probe))
        if fault is not None and (here := (fault.likely == "", size_of(probe))) < size:
            shown, size = fault, here
    fitting = of_all(runs, tolerance)
    if len(fitting) == 1:
        shown.likely = fitting[0]
    elif not fitting and (text := _other(function, case, came, watched)):
        shown, own.likely = own, text
    elif not fitting:
        text = of_part(runs, tolerance) or earlier.told(function, came, case.want, shown.likely)
        shown.likely = case.edge * (not faults and (not text or text.startswith(VAGUE))) or text
    raise shown


def _other(function: Callable, case: Case, came: Any, watched: Mapping) -> str:
    """What is said of an answer that gives its argument back, or another result each time."""
    for number, given in enumerate(case.arguments, 1):
        if isinstance(given, Tensor) and given.unique().numel() > 2 and alike(came, given):
            return f"this is argument {number} as it was given"
        if isinstance(given, nn.Module):  # which a call may change
            return ""
    try:
        with settings.restored():
            torch.manual_seed(1)
            again = call(function, *case.arguments, tried=case.tried, **watched)
    except Wrong:
        return ""
    if not alike(came, came) or alike(again, came, 1e-6):
        return ""
    return SECOND


def _all_right(function, probes: Iterable[Case], compare: Callable, named, watched) -> bool:
    """Is the answer right in all of these cases?"""
    try:
        return all(
            compared(compare, call(function, *p.arguments, tried=p.tried, **watched), p, named)
            is None
            for p in probes
        )
    except Wrong:
        return False


def gradient(
    function: Callable,
    reference: Callable,
    arguments: tuple[Tensor, ...],
    tried: str,
    by_hand: Collection[str] | None = None,
    without: Collection[Callable] = (),
    tolerance: float = 1e-8,
    mistakes: Mapping[str, Callable] | None = None,
) -> None:
    """Fail unless the gradients of both functions' outputs, weighted alike, are the same.

    by_hand, without: as in `call`; tolerance: as in `tensor`; mistakes: functions that give the
    same values and, as a usual mistake does, other gradients.
    """
    want = _gradients(reference, arguments, tried)
    with settings.restored():
        came = _gradients(
            lambda *leaves: _run(function, leaves, tried, by_hand, without), arguments, tried
        )
    came = [  # an argument that is not used, and on which nothing depends, has the gradient 0
        torch.zeros_like(b) if a is None and b is not None and not b.any() else a
        for a, b in zip(came, want, strict=True)
    ]
    if _same_gradients(came, want, tolerance):
        return
    made = [_run(function, map(copied, arguments), tried, by_hand, without) for _ in range(2)]
    if isinstance(made[1], Tensor) and not alike(made[0], made[1], 1e-6):
        fail(f"{tried}, called again", short(reference(*arguments)), short(made[1]), SECOND)
    fitting = [
        text
        for text, other in (mistakes or {}).items()
        if _same_gradients(came, _gradients(other, arguments, tried), tolerance)
    ]
    for number, (a, b) in enumerate(zip(came, want, strict=True), 1):
        if a is None:
            fail(tried, f"a gradient for argument {number}", "none", (fitting or [CUT])[0])
        told = f"{tried}, gradient of argument {number}"
        tensor(a, b, told, {text: a for text in fitting}, tolerance)


def _same_gradients(came: Iterable, other: Iterable, tolerance: float) -> bool:
    pairs = zip(came, other, strict=True)
    return all(a is b is None or a is not None and alike(a, b, tolerance) for a, b in pairs)


def _gradients(function: Callable, arguments: tuple, tried: str) -> tuple[Tensor | None, ...]:
    leaves = [a.detach().clone().requires_grad_() for a in arguments]
    output = function(*leaves)
    if not isinstance(output, Tensor) or not output.requires_grad:
        return (None,) * len(leaves)
    weights = torch.linspace(-1, 1, output.numel(), dtype=output.dtype).view(output.shape)
    try:
        return torch.autograd.grad((output * weights).sum(), leaves, allow_unused=True)
    except RuntimeError as error:
        raise _raised(error, f"{tried}, backward through it") from error


def _run(
    function: Callable,
    given: Iterable[Any],
    tried: str,
    by_hand: Collection[str] | None,
    without: Collection[Callable],
    graph: bool = True,
    most: int = 0,
) -> Any:
    counts, made, whole = [], [0], [1]
    watched = by_hand is not None or without
    if watch.ODD and (watched or most or not graph):
        raise Wrong(tried, "an answer by hand", ODD, at=watch.ODD[0])
    try:
        with ExitStack() as stack:
            if most:
                made = stack.enter_context(watch.made())
            if not graph:
                counts = [stack.enter_context(count()) for count in watch.GRAPHS]
            if watched:
                whole = stack.enter_context(watch.by_hand(by_hand, watch.codes(without)))
            result = read(watch.where_it_is_from(function, *given))
        if whole != [1]:
            raise watch.Refused(watch.HIDDEN)
    except watch.Refused as error:
        raise Wrong(tried, "an answer by hand", str(error), at=_at(error)) from error
    except Exception as error:
        if isinstance(error, NotImplementedError) and not error.args:  # torch's have words
            raise Wrong(tried, "an answer", "NotImplementedError", BLANK) from error
        raise _raised(error, tried) from error
    if kept := sum(count[0] for count in counts if count):
        likely = "torch.no_grad() around the calls of the net; eval() does not switch gradients off"
        fail(tried, "no graph for a backward pass", f"one that keeps {kept} tensors", likely)
    if most and made[0] > most:
        likely = "once forwards and once back, with delta: no finite differences, no states anew"
        fail(tried, f"at most {most} numbers computed", made[0], likely)
    return result


def _raised(error: Exception, tried: str) -> Wrong:
    came, at = f"{type(error).__name__}: {error}", _at(error)
    return Wrong(tried, "a result", came[:500], meaning(came, at), at)  # torch's may be pages long


def _at(error: Exception) -> str:
    """The last line of the answer's own that an error came through."""
    if hasattr(error, "answer_line"):  # of an answer in another process; None: of none
        return "line {} of the cell: {}".format(*error.answer_line) if error.answer_line else ""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "-packages" not in f.filename and not f.filename.startswith(OURS)]
    return f"line {own[-1].lineno} of the cell: {own[-1].line}" if own and own[-1].line else ""
