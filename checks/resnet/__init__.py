"""The checks of assignment 3, residual networks: one for each item."""

from checks.resnet.after import check_growth, check_growth_form, check_smoothing
from checks.resnet.blocks import check_block, check_pre_block
from checks.resnet.count import check_count
from checks.resnet.family import check_layout
from checks.resnet.fold import check_fold
from checks.resnet.network import check_projection
from checks.resnet.shortcut import check_shortcut_a
from checks.resnet.surgery import check_lesion, check_lesion_error, check_plain, check_silence
from checks.resnet.whole import check_net, check_numbers, check_used

__all__ = [
    "check_block",
    "check_count",
    "check_fold",
    "check_growth",
    "check_growth_form",
    "check_layout",
    "check_lesion",
    "check_lesion_error",
    "check_net",
    "check_numbers",
    "check_plain",
    "check_pre_block",
    "check_projection",
    "check_shortcut_a",
    "check_silence",
    "check_smoothing",
    "check_used",
]
