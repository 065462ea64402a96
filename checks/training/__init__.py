"""The checks of assignment 1, training: one for each item."""

from checks.training.back import check_backward
from checks.training.before import check_cross_entropy
from checks.training.calibration import check_calibration
from checks.training.early import check_early, check_examples
from checks.training.gradients import check_clip
from checks.training.images import check_standardise
from checks.training.numeric import check_numeric
from checks.training.passes import check_forward
from checks.training.pieces import check_step
from checks.training.schedule import check_schedule
from checks.training.scores import check_scores
from checks.training.start import check_start, check_start_form
from checks.training.steps import check_sgd

__all__ = [
    "check_backward",
    "check_calibration",
    "check_clip",
    "check_cross_entropy",
    "check_early",
    "check_examples",
    "check_forward",
    "check_numeric",
    "check_schedule",
    "check_scores",
    "check_sgd",
    "check_standardise",
    "check_start",
    "check_start_form",
    "check_step",
]
