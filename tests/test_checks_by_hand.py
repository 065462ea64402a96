"""checks/watch: what by hand means, and what a call may not use or keep."""

import _thread
import os
import subprocess
import threading

import numpy as np
import pytest
import torch
import torch.fx
import torch.nn.functional as F
from told import message
from torch import nn

from checks import calls, compare, watch
from checks.gan import check_value
from helpers.models import rnn
from helpers.models.gan import critic_loss

X = torch.arange(6.0, dtype=torch.float64).view(2, 3)
SCRIPT = torch.CompilationUnit("""
def slope(x: Tensor) -> Tensor:
    x = x.detach().requires_grad_(True)
    found = torch.autograd.grad([(x * x).sum()], [x])[0]
    assert found is not None
    return found
""")


def test_a_graph_is_seen_where_none_may_be():
    net, x = nn.Linear(3, 2), X.float()
    with torch.no_grad():
        want = net(x)
    for f in (lambda net, x: net(x).detach(), lambda net, x: net(x).sum().item()):
        assert "no graph" in message(calls.call, f, net, x, tried="f(net, x)", graph=False)

    def without(net, x):
        with torch.inference_mode():
            return net(x).tolist()

    compare.tensor(calls.call(without, net, x, tried="f", graph=False), want, "f")


@pytest.mark.parametrize(
    "function",
    [
        lambda x, w: F.conv2d(x, w),
        lambda x, w: torch.conv2d(x, w),
        lambda x, w: torch.nn.functional.conv2d(x.clone().requires_grad_(), w),
        lambda x, w: F.conv2d(x.float(), w.float()).double(),
        lambda x, w: torch.ops.aten.convolution(x, w, None, [1], [0], [1], False, [0], 1),
        lambda x, w: torch.conv_transpose2d(x, w),
    ],
)
def test_by_hand_refuses_the_library_in_every_dress(function):
    x, w = torch.ones(1, 1, 3, 3, dtype=torch.float64), torch.ones(1, 1, 2, 2, dtype=torch.float64)
    text = message(calls.call, function, x, w, tried="by hand", by_hand=())
    assert "without the library's" in text
    assert calls.call(function, x, w, tried="freely").shape[0] == 1
    with_layer = message(
        calls.call, lambda x: nn.Conv2d(1, 1, 2)(x.float()), x, tried="layer", by_hand=()
    )
    assert "without the library's" in with_layer
    F.conv2d(x, w)  # allowed again afterwards


class Written(nn.Module):
    def forward(self, x):
        return torch.exp(x) / torch.exp(x).sum(1, keepdim=True)


WRITTEN = torch.fx.symbolic_trace(Written())  # as torch.export writes out a softmax


def sklearn_softmax(x):
    from sklearn.utils.extmath import softmax

    return torch.tensor(softmax(x.numpy()))


def swallowed(x):
    try:
        return F.softmax(x, 1)
    except RuntimeError:
        return x


@pytest.mark.parametrize(
    "function",
    [
        lambda x: F.rms_norm(x, (3,)),
        lambda x: nn.RMSNorm(3, dtype=x.dtype)(x),
        lambda x: F.layer_norm(x, (3,)),
        lambda x: torch._refs.softmax(x, 1),
        lambda x: F.normalize(x),
        lambda x: F.unfold(x[None, None], 2),
        lambda x: nn.RNN(3, 2, dtype=x.dtype)(x)[0],
        lambda x: nn.GRUCell(3, 2, dtype=x.dtype)(x),
        lambda x: nn.LSTM(3, 2)(x.float())[0],
        lambda x: torch.autograd.grad((x.clone().requires_grad_() ** 2).sum(), x)[0],
        lambda x: torch.func.grad(lambda x: (x**2).sum())(x),
        lambda x: (x.clone().requires_grad_() ** 2).sum().backward(),
        lambda x: torch.distributions.SoftmaxTransform()(x),
        lambda x: torch.distributions.Binomial(1, logits=x).log_prob(torch.ones_like(x)),
        lambda x: torch.masked.normalize(x, 2.0, 1, mask=torch.ones_like(x, dtype=torch.bool)),
        lambda x: torch.corrcoef(x),
        lambda x: WRITTEN(x),
        lambda x: WRITTEN.forward(x),
        sklearn_softmax,
        swallowed,
        SCRIPT.slope,
        torch.fx.symbolic_trace(lambda x: x.exp() / x.exp().sum(1, keepdim=True)),
    ],
)
def test_by_hand_goes_by_what_is_called(function):
    assert "by hand" in message(calls.call, function, X, tried="by hand", by_hand=())


@pytest.mark.parametrize(
    "function",
    [
        lambda x: ((x - x.mean(0)) ** 2).mean().sqrt().reciprocal(),
        lambda x: x.exp() / x.exp().sum(1, keepdim=True),
        lambda x: torch.einsum("ij,kj->ik", x, x).unfold(0, 2, 1).amax(-1).flip(0),
        lambda x: torch.tensor(np.exp(x.numpy()).sum(0)),
        lambda x: torch.from_numpy(np.exp(x.numpy())),
        lambda x: torch.from_numpy(np.sqrt(x.numpy() @ x.numpy().T)),
        lambda x: F.pad(x, (1, 1)).T[..., None].contiguous().view(-1),
        lambda x: torch.stack([row * row for row in x]) @ x.T,
        lambda x: torch.vmap(lambda row: row.sum())(x),
        lambda x: max(x.flatten().tolist()),
        lambda x: (x > 1).to(x.dtype).masked_fill(x < 0, 0) - x.clamp(min=1).relu(),
        lambda x: x.var(0, unbiased=False, keepdim=True) + x.std(0, correction=0),
    ],
)
def test_by_hand_takes_what_is_made_of_primitive_operations(function):
    calls.call(function, X, tried="by hand", by_hand=())
    leaf = X.clone().requires_grad_()
    with watch.by_hand((), ()):
        function(leaf.detach())


def test_by_hand_lets_through_what_is_named():
    calls.call(lambda x: F.unfold(x[None, None], 2), X, tried="f", by_hand=("unfold", "im2col"))


def test_no_loss_of_the_course_is_the_value_of_the_game():
    def value(logit, is_real):
        real, fake = -F.softplus(-logit[is_real]), F.softplus(logit[~is_real])
        return -critic_loss(real, fake)

    text = message(check_value, value, real=[0.3, -1.2], fake=[1.5])
    assert "critic_loss, the function for it" in text


def test_without_refuses_functions_under_every_name():
    from helpers.models.ngram import NGram
    from helpers.models.rnn import adjusted as renamed

    def both(x):
        return renamed(x, 1.0, top_k=2)

    own = (rnn.adjusted, NGram.__init__)
    assert "the function for it" in message(calls.call, both, X, tried="own", without=own)
    text = message(calls.call, lambda: NGram(X.long()[0], 1, 9), tried="own", without=own)
    assert "the function for it" in text
    model, prompt = rnn.LanguageModel(3, 2), torch.zeros(2)
    text = message(  # a function with a decorator
        calls.call, rnn.sample, model, prompt, 2, tried="own", without=(rnn.sample,)
    )
    assert "the function for it" in text
    assert len(rnn.sample(model, prompt, 2)) == 2
    assert calls.call(both, X, tried="freely").shape == X.shape, "whole again afterwards"


@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda: os.fork(),
        lambda: os.system("true"),
        lambda: subprocess.run(["true"]),
        lambda: threading.Thread(target=print).start(),
        lambda: _thread.start_new_thread(print, ()),
    ],
    ids=["fork", "system", "subprocess", "thread", "_thread"],
)
def test_by_hand_means_here(elsewhere):
    """A mode of torch sees neither another thread nor another process."""
    with pytest.raises(AssertionError, match="without threads or other processes"):
        calls.call(elsewhere, tried="f()", by_hand=())
    subprocess.run(["true"], check=True)  # afterwards all is as before


def test_too_many_numbers_are_no_back_propagation():
    def answer(a):
        return sum(a * k for k in range(50))

    assert calls.call(answer, X, tried="sum", most=2000) is not None
    text = message(calls.call, answer, X, tried="sum", most=100)
    assert "at most 100 numbers computed" in text and "finite differences" in text


def test_gradients_switched_off_are_no_derivative():
    def answer(a):
        with torch.no_grad():
            return a + 1

    hand = watch.AllBut("backward", "grad")
    calls.call(answer, X, tried="no_grad", by_hand=hand)
    assert "by hand" in message(
        calls.call,
        lambda a: torch.autograd.grad(a.requires_grad_().sum(), a)[0], X, tried="grad", by_hand=hand,
    )  # fmt: skip
