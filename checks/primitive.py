"""Which of torch's operations are primitive: arithmetic, sums, shapes, indices, products."""

from __future__ import annotations

from functools import cache

import torch

# as they are before an answer can change them
ATEN, POINTWISE = torch.ops.aten, torch.Tag.pointwise
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
    nelement has_names rename register_hook isin cov logaddexp getattribute reduce
    reduce_ex set_grad_enabled is_grad_enabled get_default_dtype set_default_dtype set_num_threads
    finfo iinfo linear apply entr expit complex dist kthvalue replication_pad1d replication_pad2d
    reflection_pad1d reflection_pad2d float_power bitwise_and bitwise_or bitwise_xor bitwise_not
    squeeze_copy zeros_ ones_ index_reduce_
    """.split()
)
# the ways of a tensor's numbers out of torch, where nobody counts what is computed with them
AWAY = ("numpy", "array", "dlpack", "tolist")


def is_primitive(name: str) -> bool:
    """Of an operation, without what torch puts around its name."""
    spelled = (name, name.removeprefix("r"), name.removeprefix("i"))
    return name in PRIMITIVE or any(map(_pointwise, spelled))


@cache
def _pointwise(name: str) -> bool:
    packet = getattr(ATEN, name, None)
    overloads = [getattr(packet, o) for o in packet.overloads()] if packet else []
    return any(POINTWISE in overload.tags for overload in overloads)
