"""What the error that an answer raised means, in words that say where to look."""

from __future__ import annotations

import re

import torch

MEANINGS = {
    r"(this model reads one stream.*)": "{0}",
    r"loss wants a tensor like theta": "what `loss` gets has the shape and the dtype of theta: a copy "
    "of it in which one number is moved",
    r"the state still h(?:olds|angs) .*: (.*)": "{0}",
    r"the state is a generator: (.*)": "{0}",
    r"the state of nn\.|'tuple' object has no attribute 'detach'": (
        "a pair for nn.LSTM, one tensor for the others: torch.is_tensor tells"
    ),
    r"can only concatenate": "a list and a tuple do not join: list(...) or tuple(...) of one first",
    r"(channels are still last.*)": "{0}",
    r"a beginning with end in it": "what has written `end`, whatever number that is, is no beginning",
    r"^NameError": "the name is bound neither in this cell nor among the notebook's imports",
    r"^UnboundLocalError": "the name is given a value only in a loop or branch that did not run here",
    r"object of type '(generator|zip|map|iterator)' has no len|'(generator|zip|map)' object is not sub": (
        "a generator has no length and no places: count, or keep, while going through it once"
    ),
    r"expected a non-empty (TensorList|list of Tensors)|stack expects a non-empty": (
        "nothing was gathered: the loop did not run (a generator is empty the second time)"
    ),
    r"NoneType": "a None was used as if it held something: an argument that may be None, or a "
    "function that returns nothing",
    r"^ZeroDivisionError": "a divisor may be 0, as it is here",
    r"not enough values to unpack|too many values to unpack|cannot unpack": (
        "what is unpacked has not as many parts as the names on the left"
    ),
    r"shapes cannot be multiplied|size mismatch, got|Expected size for first two dimensions": (
        "the inner sizes of a matrix product differ: a transpose, another layout, another side"
    ),
    r"einsum\(\).*does not broadcast": "a letter of einsum stands for axes of different length",
    r"einsum\(\).*the number of subscripts": "einsum has one letter for each axis of each tensor",
    r"must match the size of tensor b|is not broadcastable|could not be broadcast": (
        "one of the two sizes is not what it should be, or an axis is missing: shapes are matched "
        "from their last axis (unsqueeze or keepdim=True puts one there)"
    ),
    r"len\(\) of a 0-d tensor|iteration over a 0-d": (
        "a tensor of shape () has no length and no parts: reshape(-1) gives it one of each"
    ),
    r"Dimension out of range|too many indices for": (
        "a tensor has fewer dimensions than `dim` or the indices suppose"
    ),
    r"is invalid for input of size": "the shape has not as many places as there are numbers",
    r"expects each tensor to be equal size|Sizes of tensors must match except": (
        "pieces of different size do not stack: the last may be shorter, arguments have shapes of their own"
    ),
    r"must be sorted in decreasing order": "pack_padded_sequence(..., enforce_sorted=False)",
    r"Class values must be smaller": "num_classes is one more than the largest label that may come",
    r"selected index k out of range": "topk of more than there is: min(k, the length)",
    r"^IndexError: (list|tuple|string) index out of range|pop from empty|^ValueError: (max|min)": (
        "an index past the end, or a list that is empty here"
    ),
    r"index .*is out of bounds|out of range|Index tensor must have": (
        "an index runs from 0 to the length less one: it goes too far, or what it counts is too short"
    ),
    r"expected input\[.* channels, but got|should contain \d+ elements": (
        "a layer is made for another number of channels: what it reads is another map"
    ),
    r"Output size is too small|Kernel size can't be greater": (
        "the window is larger than the map that it is given: a size that suits other images?"
    ),
    r"stride should (be greater than|not be) zero": "a stride of 0: arguments by place stand in the "
    "function's own order, which may not be yours; by name they need none",
    r"should be at most half of": "pooling takes no padding of more than half its window: any may come here",
    r"unsigned char|Byte": "pixels are uint8, which is no dtype to compute in: .float() / 255 first",
    r"same dtype|scalar type|mat1 and mat2 must have|Input type .* should be the same": (
        "float32 and float64, or whole numbers, meet: a tensor made inside needs dtype=x.dtype"
    ),
    r"does not require grad and does not have a grad_fn": (
        "the graph is cut before backward: no_grad, detach, item, or a tensor made anew"
    ),
    r"a view of a leaf Variable": (
        "what is filled place by place is made without requires_grad=True (gradients flow through "
        "it all the same); a parameter is changed under torch.no_grad(); an argument is not changed "
        "at all: clone() first"
    ),
    r"storage that is not resizable": "resize_ is an operation in place: make a new tensor",
    r"leaf Variable that requires grad": "a parameter is changed in place under torch.no_grad(); an "
    "argument is not changed at all: clone() first",
    r"modified by an inplace operation": (
        "a tensor that backward still needs is changed in place: work on a new one"
    ),
    r"Inference tensors cannot": (
        "what is made in inference_mode goes into no backward pass: torch.no_grad() or detach()"
    ),
    r"Mismatch in shape: grad_output": "grad_outputs has the shape of the output: ones_like(...)",
    r"must be finite|contains (NaN|infinity)|array must not contain": (
        "this function takes finite numbers: leave the others out first, but count them"
    ),
    r"eigh.*failed to converge|svd.*failed to converge": (
        "nan or infinity goes in: the root of an eigenvalue a little below 0, say"
    ),
    r"is not differentiable with respect to argument": (
        "this function gives that argument no gradient: write it as arithmetic"
    ),
    r"backward through the graph a second time": (
        "the graph of an earlier step is still attached: detach what is carried on"
    ),
    r"expected np.ndarray \(got numpy": (
        "arithmetic of NumPy arrays without dimensions gives numbers: np.asarray, or stay in torch"
    ),
    r"Can't call numpy\(\) on": "detach() before numpy()",
    r"grad can be implicitly created only for scalar": "backward() starts from one number: sum or mean",
    r"Boolean value of Tensor with more than one": (
        "an `if` needs one truth value: torch.where, or any() or all()"
    ),
    r"only one element tensors can be|cannot be converted to Scalar": "item() takes one number",
    r"view size is not compatible": (
        "after a transpose: reshape, or contiguous() first, if the axes stand in the order meant"
    ),
    r"unexpected keyword|positional argument|multiple values for argument": (
        "the arguments are not those of the function: their number, order or names"
    ),
    r"^KeyError": "no such key in the dict",
    r"^RecursionError": "the recursion does not end, or goes deeper than Python's 1,000 calls: a loop does not",
    r"codec can't decode .*unexpected end": "bytes are decoded before their character is whole: it has up to four",
    r"cannot convert float NaN|cannot convert float infinity": "nan or infinity came up on the way",
    r"positive-definite|is singular|singular matrix": (
        "a covariance may have eigenvalues of 0, or a little below: this factorisation needs more"
    ),
    r"math domain error|math range error|OverflowError": (
        "a logarithm or root of what is not above 0, or an exp that is too large"
    ),
    r"has no attribute": "the value is of another kind than the line takes it for",
    r"^NotImplementedError: Module": "a module without forward(self, ...)",
}


def meaning(text: str, at: str = "") -> str:
    """Of 'ValueError: ...', which came at that line; "" for an error that speaks for itself."""
    if "does not require grad" in text and not torch.is_grad_enabled():
        return "gradients are switched off, and stay so until they are switched on again"
    if "NoneType" in text and re.search(r"\.grad\b", at):
        return ".grad is None before backward(), and stays None where the tensor is no leaf but comes of others"
    for pattern, told in MEANINGS.items():
        if found := re.search(pattern, text):
            return told.format(*found.groups())
    if re.search(r"cell: (raise|assert) \S", at):
        return "the answer itself refuses what it is given, which is as the text says"
    return ""
