"""helpers.training: clear errors, and the state of the last whole epoch after them."""

import math
from pathlib import Path

import pytest
import torch
from tiny import (
    busy_net,
    equal_weights,
    fit,
    linear,
    numbers,
    one_thread,  # noqa: F401 - a fixture
    tiny_set,
    weights,
)
from torch import nn

from helpers import training
from helpers.data import Dataset

ROOT = Path(__file__).resolve().parent.parent


# ---------------------------------------------------------------- clear errors


def test_a_loss_that_is_not_finite_is_named():
    with pytest.raises(training.TrainingError, match=r"loss became .* learning rate is too high"):
        fit(linear(), tiny_set(), epochs=3, lr=1e38, optimiser="sgd", batch_size=10)


def after_two_epochs(act):
    """An augmentation that acts on the batches from the third epoch of five batches on."""
    count = 0

    def augment(x):
        nonlocal count
        count += 1
        return act(x) if count > 10 else x

    return augment


def out_of_memory(x):
    return torch.empty(2**58, device=x.device)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda x: x * math.inf, r"the loss became nan in epoch 3: usually .* try a tenth of it"),
        (out_of_memory, "out of memory on cpu: try a smaller batch_size, or accumulate=2"),
        (lambda x: x[:3], r"augment was given .*\(10, 1, 6, 6\).* gave back .*\(3, 1, 6, 6\)"),
        (lambda x: x.to("meta"), "on cpu and gave back .* on meta: make its tensors with device="),
        (lambda x: x.double(), "augment was given torch.float32 .* gave back torch.float64"),
    ],
)
def test_after_a_failure_the_state_of_the_last_whole_epoch_is_there(tmp_path, act, message):
    data = tiny_set()
    whole = busy_net()
    expected = fit(whole, data, epochs=2, batch_size=10)
    model = busy_net()
    with pytest.raises(training.TrainingError, match=message) as caught:
        path = tmp_path / "run.pt"
        fit(model, data, epochs=4, batch_size=10, augment=after_two_epochs(act), checkpoint=path)
    assert "The model has the weights of epoch 2 again." in str(caught.value)
    assert numbers(caught.value.history) == numbers(expected)
    assert equal_weights(weights(model), weights(whole))
    assert not model.training
    assert len(fit(busy_net(), data, epochs=3, batch_size=10, checkpoint=path)) == 3


def test_an_error_of_the_users_own_code_is_left_as_it_is():
    def broken(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        fit(linear(), tiny_set(), augment=broken)


@pytest.mark.parametrize(
    "last", [nn.Linear(64, 2), nn.Unflatten(1, (8, 8)), nn.Unflatten(0, (1, -1))]
)
def test_logits_of_the_wrong_shape_are_named(last):
    model = busy_net()
    model[5] = last
    before = weights(model)
    with pytest.raises(training.TrainingError, match=r"must give logits of shape \(50, 3\)") as e:
        fit(model, tiny_set(), batch_size=50)
    assert "The model has the weights it began with again." in str(e.value)
    assert equal_weights(weights(model), before)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_device_that_is_not_here():
    with pytest.raises(ValueError, match="device cuda is not to be had here .* leave out device="):
        training.fit(linear(), tiny_set(), device="cuda")


def test_a_model_with_nothing_to_train():
    model = linear().requires_grad_(False)
    with pytest.raises(training.TrainingError, match="nothing to train"):
        fit(model, tiny_set())


@pytest.mark.parametrize("sizes", [(0, 5), (5, 0)])
def test_an_empty_data_set(sizes):
    data = tiny_set(10, 10)
    train, test = sizes
    fields = dict(name="e", classes=data.classes, source="", licence="")
    empty = Dataset(
        train_x=data.train_x[:train],
        train_y=data.train_y[:train],
        test_x=data.test_x[:test],
        test_y=data.test_y[:test],
        **fields,
    )
    with pytest.raises(ValueError, match="data set is empty"):
        fit(linear(), empty)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs must be at least 1, not 0"),
        ({"schedule": "cosin"}, "unknown setting 'cosin'; there are: constant, cosine"),
        ({"optimiser": "rmsprop"}, "there are: sgd, adam, adamw, muon"),
        ({"precision": "half"}, "there are: auto, fast, float32, bfloat16, float16"),
        ({"accumulate": 0}, "accumulate must be at least 1, not 0"),
        *(({"clip": clip}, "clip must be above 0") for clip in (0, -1.0, math.nan)),
        ({"ema": 1.0}, "ema must lie from 0 to below 1, not 1.0"),
        ({"warm_up": -0.1}, "warm_up must lie from 0 to below 1, not -0.1"),
        ({"label_smoothing": 2}, "label_smoothing must lie from 0 to below 1, not 2"),
        ({"checkpoint": "nowhere/at/all.pt"}, "folder of the checkpoint nowhere/at/all.pt is not"),
        ({"batch_size": 0}, "batch_size must be at least 1, not 0"),
    ],
)
def test_wrong_arguments(settings, message):
    with pytest.raises(ValueError, match=message):
        fit(linear(), tiny_set(), **settings)


def test_data_that_is_no_data_set():
    with pytest.raises(TypeError, match=r"must be a helpers\.data\.Dataset, not list"):
        fit(linear(), [1, 2])
