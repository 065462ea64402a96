"""The checks of clinic 1, published training code: one or more for each item."""

from checks.clinic.around import check_resnet
from checks.clinic.figures import (
    check_claims,
    check_plausible,
    check_plausible_form,
    check_report,
)
from checks.clinic.floors import check_floors, check_floors_form
from checks.clinic.foreign import check_foreign
from checks.clinic.head import check_cnn
from checks.clinic.listing import check_listing
from checks.clinic.loops import check_epoch
from checks.clinic.residual import check_block, check_silent
from checks.clinic.sequences import check_collate, check_state
from checks.clinic.shelf import (
    check_nets,
    check_nets_form,
    check_people,
    check_people_form,
)
from checks.clinic.words import (
    check_convolve,
    check_delta,
    check_gan_value,
    check_rnn_states,
)

__all__ = [
    "check_block",
    "check_claims",
    "check_cnn",
    "check_collate",
    "check_convolve",
    "check_delta",
    "check_epoch",
    "check_floors",
    "check_floors_form",
    "check_foreign",
    "check_gan_value",
    "check_listing",
    "check_nets",
    "check_nets_form",
    "check_people",
    "check_people_form",
    "check_plausible",
    "check_plausible_form",
    "check_report",
    "check_resnet",
    "check_rnn_states",
    "check_silent",
    "check_state",
]
