"""The checks of assignment 4, recurrent networks: one for each item."""

from checks.rnn.back import check_bptt
from checks.rnn.cells import check_rnn
from checks.rnn.cost import check_counts
from checks.rnn.counting import check_counting, check_many_counts
from checks.rnn.drawing import check_drawing
from checks.rnn.gated import check_all_orders, check_lstm
from checks.rnn.known import check_bits
from checks.rnn.lags import check_lag, check_lag_form
from checks.rnn.learning import check_learn
from checks.rnn.padded import check_padding
from checks.rnn.reset import check_gru
from checks.rnn.text import check_streams

__all__ = [
    "check_all_orders",
    "check_bits",
    "check_bptt",
    "check_counting",
    "check_counts",
    "check_drawing",
    "check_gru",
    "check_lag",
    "check_lag_form",
    "check_learn",
    "check_lstm",
    "check_many_counts",
    "check_padding",
    "check_rnn",
    "check_streams",
]
