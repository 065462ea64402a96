"""The checks of assignment 7, GPT: one for each item."""

from checks.gpt.bits import check_bits
from checks.gpt.cached import check_attend
from checks.gpt.catching import check_reading, check_writing
from checks.gpt.drawing import check_drawing
from checks.gpt.encode import check_encode, check_encode_learnt
from checks.gpt.measured import check_induction, check_law
from checks.gpt.model import check_count, check_loss
from checks.gpt.pairs import check_learn
from checks.gpt.text import check_stream

__all__ = [
    "check_attend",
    "check_bits",
    "check_count",
    "check_drawing",
    "check_encode",
    "check_encode_learnt",
    "check_induction",
    "check_law",
    "check_learn",
    "check_loss",
    "check_reading",
    "check_stream",
    "check_writing",
]
