"""Work in a child under limits: what fails there costs nothing else."""

import gc
import json

import pytest
from test_grading_growth import nested

from grading import bounded


@pytest.mark.parametrize(
    ("does", "said", "limits"),
    [
        (lambda: [0] * 10**10, "of memory", {}),
        (lambda: any(False for _ in iter(int, 1)), "1 s of computing time", {"seconds": 1}),
        (lambda: json.dumps(nested(10**5)), "nested too deeply", {}),
        (lambda: 1 / 0, "ZeroDivisionError", {}),
        (lambda: __import__("os")._exit(3), "status 3", {}),
    ],
)
def test_a_child_that_fails_costs_nothing_else(does, said, limits):
    with pytest.raises(bounded.Overrun, match=said):
        bounded.call(does, **limits)
    assert bounded.call(lambda: {"a": [1, "ä\ud800"]}) == {"a": [1, "ä\ud800"]}


def test_a_child_of_a_large_process_has_little_garbage_to_look_through():
    assert bounded.call(lambda: len(gc.get_objects())) < 1000 < len(gc.get_objects())
