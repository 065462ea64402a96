"""The checks of assignment 2, convolutional networks: one for each item."""

from checks.cnn.accuracy import check_accuracy
from checks.cnn.convolution import check_convolution, check_out_size, check_out_sizes
from checks.cnn.field import check_field
from checks.cnn.layers import check_counts, check_shape_form, check_shapes
from checks.cnn.matmul import check_matmul
from checks.cnn.measured import check_measured
from checks.cnn.pages import check_training
from checks.cnn.patch import check_patch
from checks.cnn.pooling import check_pool
from checks.cnn.shift import check_shift, check_shift_form
from checks.cnn.training import check_batch_norm, check_running

__all__ = [
    "check_accuracy",
    "check_batch_norm",
    "check_convolution",
    "check_counts",
    "check_field",
    "check_matmul",
    "check_measured",
    "check_out_size",
    "check_out_sizes",
    "check_patch",
    "check_pool",
    "check_running",
    "check_shape_form",
    "check_shapes",
    "check_shift",
    "check_shift_form",
    "check_training",
]
