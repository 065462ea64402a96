"""The checks of assignment 6, attention: one for each item."""

from checks.attention.additive import check_additive
from checks.attention.beam import check_beam, check_beam_by_force, check_many_beams
from checks.attention.block import check_block
from checks.attention.catch import check_masks_test, check_values_test
from checks.attention.heads import check_heads
from checks.attention.masks import check_masks
from checks.attention.numbers import check_numbers, check_numbers_form
from checks.attention.pairs import check_loss
from checks.attention.places import check_rotate
from checks.attention.scores import check_attend

__all__ = [
    "check_additive",
    "check_attend",
    "check_beam",
    "check_beam_by_force",
    "check_block",
    "check_heads",
    "check_loss",
    "check_many_beams",
    "check_masks",
    "check_masks_test",
    "check_numbers",
    "check_numbers_form",
    "check_rotate",
    "check_values_test",
]
