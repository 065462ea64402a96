"""What an answer leaves changed is told in its own item, put back, and nothing else is touched."""

import ast
import os
import random
import warnings

import graders
import numpy as np
import pytest
import torch

from checks import settings as all_settings
from checks.compare import Wrong

LEAVE = {
    "gradients on or off": lambda: torch.set_grad_enabled(False),
    "torch's default dtype": lambda: torch.set_default_dtype(torch.float64),
    "torch's number of threads": lambda: torch.set_num_threads(torch.get_num_threads() + 1),
    "the working folder": lambda: os.chdir("/"),
    "the warning filters": lambda: warnings.simplefilter("ignore"),
}
# they train for seconds, and no test takes a name of theirs
SLOW = ("train", "choice-panel", "evidence", "evidence-check", "plausible-verify")


def leaving(function, name):
    """The same function, which leaves one thing changed."""

    def answer(*arguments, **named):
        result = function(*arguments, **named)
        LEAVE[name]()
        return result

    return answer


def states():
    return torch.get_rng_state().tolist(), random.getstate(), str(np.random.get_state())  # noqa: NPY002


@pytest.mark.parametrize("assignment", sorted(p.name for p in (graders.ROOT / "source").iterdir()))
def test_every_item_tells_what_is_left_behind(assignment, capsys):
    items, names, settings = graders.items(assignment), {"__name__": "__main__"}, [*LEAVE]
    tried, functions = 0, []
    for cell in graders.notebook("source", assignment).cells:
        if cell.cell_type != "code" or cell.id in SLOW:
            continue
        if cell.id not in items:
            exec(cell.source, names)
            found = ast.parse(cell.source).body
            functions = [n.name for n in found if isinstance(n, ast.FunctionDef)]
            continue
        visible = cell.source.split("### BEGIN HIDDEN TESTS")[0]
        tested = [name for name in functions if f"({name}" in visible.replace("\n    ", "")]
        if not tested:
            continue  # values, or a class
        left, tried = settings[tried % len(settings)], tried + 1
        before, random_before = all_settings.settings(), states()
        exec(visible, names)
        assert states() == random_before, cell.id
        with pytest.raises(Wrong) as told:
            exec(visible, names | {tested[0]: leaving(names[tested[0]], left)})
        assert left in str(told.value), (cell.id, str(told.value))
        assert all_settings.settings() == before and states() == random_before, cell.id
        exec(visible, names)  # the next one is not told
    assert tried >= 5
