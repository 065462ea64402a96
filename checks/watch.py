"""What a call may use, and what it must leave as it was.

By hand means: of primitive operations only (arithmetic, sums, shapes, indices, products of
matrices), here, in Python, NumPy and torch. It is decided by what is called, not by its name.
"""

from __future__ import annotations

import _thread
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache, wraps
from inspect import unwrap
from sys import getprofile, setprofile
from threading import Thread
from types import FrameType
from typing import Any
from unittest import mock

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

# torch's operations beside the elementwise ones, which torch itself marks ("pointwise")
PRIMITIVE = set(
    """
    abs absolute add all allclose amax amin any arange argmax argmin argsort as_tensor asarray
    atleast_1d atleast_2d atleast_3d bincount bool broadcast_tensors broadcast_to cat chunk clamp
    clip clone combinations concat concatenate constant_pad_nd contiguous copy count_nonzero cpu
    cummax cummin cumprod cumsum deepcopy delitem detach diag diag_embed diagonal diff dim divide
    dot double dtype dsplit dstack einsum element_size empty empty_like empty_strided equal expand
    expand_as eye fill flatten flip fliplr flipud float floor_divide format from_numpy full
    full_like gather get getitem ger half hsplit hstack index index_add index_copy index_fill
    index_put index_reduce index_select inner int is_complex is_contiguous is_floating_point
    is_same_size isclose isfinite isinf isnan isreal item iter kron len linalg_norm norm
    vector_norm linalg_vector_norm linspace logical_and logical_not logical_or logspace long
    masked_fill masked_scatter masked_select matmul max maximum mean median meshgrid min minimum mm
    mode moveaxis movedim multiply mv addmm addmv addbmm baddbmm bmm chain_matmul multi_dot nanmean
    nansum narrow narrow_copy ndim ndimension negative new new_empty new_full new_ones new_tensor
    new_zeros nonzero numel numpy one_hot ones ones_like outer pad permute positive pow prod put
    quantile ravel range reciprocal repeat repeat_interleave repr requires_grad requires_grad_
    reshape reshape_as resize resolve_conj resolve_neg retain_grad roll rot90 row_stack
    column_stack scalar_tensor scatter scatter_add scatter_reduce searchsorted select
    select_scatter set setitem shape short sign size slice slice_scatter sort split
    split_with_sizes square squeeze stack std std_mean str stride storage_offset subtract sum
    sum_to_size swapaxes swapdims t take take_along_dim tensor tensor_split tensordot tile to
    to_copy to_dense tolist topk trace transpose tril triu true_divide type type_as unbind
    unflatten uniform unique unique2 unique_dim unique_consecutive unsafe_view unsqueeze
    unsafe_split unsafe_chunk values vander var var_mean vdot view view_as vsplit vstack where zero
    zeros zeros_like aminmax array array_wrap hash local_scalar_dense lift_fresh alias as_strided
    reshape_alias reshape_copy index_put_impl copy_ bernoulli unsafe_index addr bucketize byte char
    contains dir reversed is_nonzero rmatmul rdiv rsub rpow rfloordiv rmul radd rmod div truediv
    rtruediv mod floordiv invert and or xor rand ror rxor iadd isub imul itruediv ipow ne eq lt le
    gt ge is_nested is_sparse sym_size sym_stride sym_numel result_type promote_types can_cast
    is_tensor is_storage numpy_T set_ unfold chalf broadcast_shapes linalg_multi_dot linalg_matmul
    vecdot linalg_vecdot cartesian_prod block_diag triu_indices tril_indices unravel_index histc
    histogram native_dropout nan_to_num detach_copy view_as_real real imag conj permute_copy
    expand_copy is_inference is_leaf data grad is_conj is_neg is_cuda is_meta device layout
    nelement has_names rename register_hook isin cov corrcoef logaddexp getattribute reduce
    reduce_ex set_grad_enabled is_grad_enabled get_default_dtype set_default_dtype set_num_threads
    finfo iinfo linear apply entr expit complex dist kthvalue replication_pad1d replication_pad2d
    reflection_pad1d reflection_pad2d float_power bitwise_and bitwise_or bitwise_xor bitwise_not
    squeeze_copy zeros_ ones_ index_reduce_
    """.split()
)
# where work could be done that a mode of torch, which sees one thread, does not see
ELSEWHERE = [(Thread, "start"), (_thread, "start_new_thread"), (subprocess.Popen, "__init__")]
ELSEWHERE += [(os, name) for name in ("fork", "system", "posix_spawn") if hasattr(os, name)]
# as they are before an answer can change them
ATEN, POINTWISE, NUMEL = torch.ops.aten, torch.Tag.pointwise, Tensor.numel
# whose Python code a by-hand answer may call, besides its own and Python's; but not torch's own
# spelling of its operations
PACKAGES = {"torch", "numpy", "helpers", "checks"}
PACKAGES |= {"grading", "apart"}  # what carries a call back to a check in another process
SPELLINGS = ("torch._refs", "torch._decomp", "torch._prims", "torch.onnx")

# where answers run in another process: this process's end of the channel to it, a Peer
THERE: list[Any] = []
# the text of the test that runs there, with its hidden lines
TEST = [""]
# lines of answers with what no work by hand needs, and what could switch off the watch of it
ODD: list[str] = []


def where_answers_run(context: Callable) -> Callable:
    """A context manager that is entered in the process of the answers, if that is another."""

    @wraps(context)
    def entered(*arguments: Any):
        return THERE[-1].there(entered, *arguments) if THERE else context(*arguments)

    return entered


def where_it_is_from(function: Callable, *given: Any) -> Any:
    """Call it: what an answer gives in the process of the answers, also a module of a library."""
    return THERE[-1].call(function, *given) if THERE else function(*given)


DERIVATIVES = ("grad_impl", "grad_and_value_impl", "_vjp_with_argnums", "_jvp_with_argnums")
# no derivative is computed by these, which a word like "grad" would forbid
SWITCHES = ("set_grad_enabled", "is_grad_enabled", "requires_grad")


class AllBut:
    """The names of all operations but those that hold one of these words."""

    travels = True  # to where answers run

    def __init__(self, *words: str) -> None:
        self.words = words

    def __contains__(self, name: str) -> bool:
        return not any(word in name for word in self.words)


class Refused(RuntimeError):
    """What was called is not part of doing an item by hand."""

    def __init__(self, name: str) -> None:
        super().__init__(f"this item is to be done by hand, without {name}")


def not_by_hand(used: Any, allowed: Collection[str]) -> str:
    """The name of that operation or function of torch's; "" if it is primitive, or allowed."""
    name = getattr(used, "__name__", str(used)).partition(".")[0]
    if (whole := getattr(used, "_qualified_op_name", "aten::")).partition("::")[0] != "aten":
        return whole  # an operation that somebody has made, who may have called it add
    bare = name.strip("_").removeprefix("special_")
    if isinstance(allowed, AllBut):
        return "" if name in allowed or bare in SWITCHES else bare
    if bare in PRIMITIVE or name in allowed or bare in allowed:
        return ""
    spelled = (bare, bare.removeprefix("r"), bare.removeprefix("i"))
    return "" if any(map(_pointwise, spelled)) else bare


@cache
def _pointwise(name: str) -> bool:
    packet = getattr(ATEN, name, None)
    overloads = [getattr(packet, o) for o in packet.overloads()] if packet else []
    return any(POINTWISE in overload.tags for overload in overloads)


def _modes(look: Callable[[Any], None]) -> list:
    """Modes that look at what runs, under whatever name it was called."""

    class Operations(TorchDispatchMode):
        def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
            look(operation.overloadpacket)
            return operation(*args, **(kwargs or {}))

    class Functions(TorchFunctionMode):  # what comes there in pieces: rms_norm, rnn_tanh, grad
        def __torch_function__(self, function, types, args=(), kwargs=None):
            look(function)
            return function(*args, **(kwargs or {}))

    return [Operations(), Functions()]


def codes(functions: Collection[Callable]) -> tuple[tuple[str, int, str, str], ...]:
    """How by_hand knows functions, in whatever process they are: where their code was written."""
    found = [(unwrap(f).__code__, f.__qualname__) for f in functions]
    return tuple((c.co_filename, c.co_firstlineno, c.co_name, name) for c, name in found)


def _refusable(frame: FrameType, forbidden: dict, allowed: Collection[str] | None) -> str:
    """In words, what is called that may not be; "" where it may."""
    code = frame.f_code
    if name := forbidden.get((code.co_filename, code.co_firstlineno, code.co_name)):
        return f"{name}, the function for it"
    strange = allowed is not None and (_of_numpy(frame) or not _known(_module(frame)))
    if strange and _own(_caller(frame)):
        name = code.co_name.removeprefix("_").removesuffix("_dispatcher")  # NumPy's first frame
        return f"the library's {_module(frame)}.{name}"
    return ""


@where_answers_run
@contextmanager
def by_hand(allowed: Collection[str] | None, without: Collection[tuple]) -> Iterator[None]:
    """Nothing but primitive operations and those allowed (None: all); none of the functions.

    A function is known by its code, see `codes`, so under every name it was imported as.
    """
    forbidden, found = {tuple(code): name for *code, name in without}, []

    def refused(name: str) -> Refused:
        found.append(Refused(name))
        return found[-1]

    def elsewhere(*_arguments, **_named):
        raise refused("threads or other processes")

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call":
            return
        if name := _refusable(frame, forbidden, allowed):
            raise refused(name)
        if allowed is not None and frame.f_code.co_name in DERIVATIVES:
            if _module(frame) == "torch._functorch.eager_transforms":
                operation("backward")  # torch.func's derivatives pass no mode

    def operation(used: Any) -> None:
        if name := not_by_hand(used, allowed):
            raise refused(f"the library's {name}")

    before = getprofile()
    with ExitStack() as stack:
        for owner, name in ELSEWHERE:
            stack.enter_context(mock.patch.object(owner, name, elsewhere))
        for mode in _modes(operation) if allowed is not None else ():
            stack.enter_context(mode)
        stack.callback(setprofile, before)
        setprofile(profile)
        yield
        if getprofile() is not profile:
            refused("a profiler in place of the one that watches")
    if found:  # an answer may have caught it
        raise found[0]


def _of_numpy(frame: FrameType) -> bool:
    """Is it a function of NumPy's like those of torch's that are not primitive?"""
    name, module = frame.f_code.co_name.removesuffix("_dispatcher"), _module(frame)
    special = module.startswith(("numpy.linalg", "numpy.fft")) or name in ("convolve", "correlate")
    return special and module.startswith("numpy.") and not_by_hand(name, ()) != ""


def _module(frame: FrameType | None) -> str:
    return (frame and frame.f_globals.get("__name__")) or ""


def _caller(frame: FrameType) -> FrameType | None:
    """Who called: past Python's own functions that only pass a call on, unless it is an import."""
    if frame.f_code.co_name == "<module>":
        return frame.f_back
    back = frame.f_back
    while back and _module(back).partition(".")[0] in sys.stdlib_module_names - {"__main__"}:
        back = back.f_back
    return back


def _own(frame: FrameType | None) -> bool:
    """Is that code the notebook's own (or a test's)? It is then in no package."""
    if frame is None or "-packages" in frame.f_code.co_filename:
        return False
    module = _module(frame)
    return "." not in module and module not in sys.stdlib_module_names - {"__main__"}


def _known(module: str) -> bool:
    root = module.partition(".")[0]
    known = root in PACKAGES or root in sys.stdlib_module_names or module == root
    return known and not module.startswith(SPELLINGS)


@where_answers_run
@contextmanager
def graphs() -> Iterator[list[int]]:
    """Counts, in a list of one number, the tensors that autograd keeps for a backward pass."""
    kept = [0]

    def keep(tensor: Tensor) -> Tensor:
        kept[0] += 1
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        yield kept


# where answers run, and here, where the nets of tests do
GRAPHS = (graphs, lambda: (graphs.__wrapped__ if THERE else nullcontext)())


@where_answers_run
@contextmanager
def made() -> Iterator[list[int]]:
    """Counts, in a list of one number, the numbers that torch's operations make."""
    numbers = [0]

    class Counting(TorchDispatchMode):
        def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
            found = operation(*args, **(kwargs or {}))
            numbers[0] += NUMEL(found) if isinstance(found, Tensor) else 0
            return found

    with Counting():
        yield numbers
