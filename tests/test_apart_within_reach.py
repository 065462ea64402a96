"""What lies within an answer's reach: what tests lend, what is loaded beside it, what it leaves.

Each was a way to earn an item's points without its work.
"""

import sys

import pytest
import torch
from apart_answers import Warm
from torch import nn

from checks import watch
from grading.inside.apart.library import withheld
from grading.inside.imports import needed

X = torch.linspace(-1, 1, 6, dtype=torch.float64).view(2, 3)


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    made = Warm(tmp_path_factory.mktemp("apart"))
    yield made
    made.close()


@pytest.fixture
def answers(warm):
    made = warm()
    watch.THERE.append(made.peer.there)
    yield made
    watch.THERE.clear()
    made.close()


# --- what tests are made of ---


def test_answers_have_nothing_of_the_checks(answers):
    f = answers("""
        def f():
            import gc, sys
            found = []
            for name in ("checks", "checks.watch", "checks.compare", "checks.cnn.field"):
                try:
                    found.append(__import__(name).__name__)
                except ImportError:
                    pass
            for o in gc.get_objects():
                name = (o if isinstance(o, dict) else {}).get("__name__")
                if isinstance(name, str) and name.startswith("checks."):
                    found.append(name)
            return found + [name for name in sys.modules if name.startswith("checks")]
    """)
    assert set(f()) == {"checks.watch"}  # which no name leads to


def test_what_tests_import_is_read_and_not_run():
    packages = ("helpers", "checks.watch")
    before = set(sys.modules)
    found = needed({"checks.cnn", "math"}, withheld(packages))
    assert {"helpers.data", "torch", "math"} <= set(found)
    assert not [name for name in found if name.startswith("checks")]
    assert not [n for n in set(sys.modules) - before if n.startswith("checks.")]
    assert needed({"no_such_module", "checks.no_such"}, {"checks"}) == []


# --- what tests lend ---


class Loss:
    def __init__(self):
        self.calls = []

    def __call__(self, x):
        self.calls.append(1)
        return (x**2).sum()

    def differences(self):
        return 2 * X


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.calls = nn.Linear(3, 1).double(), []

    def forward(self, x):
        self.calls.append(len(x))
        return self.layer(x)

    def slope(self, x):
        return self.layer.weight.expand_as(x)


@pytest.mark.parametrize("lent", [Loss(), Critic()])
@pytest.mark.parametrize("asked", [
    "lent.{}()", "lent.{}(X)", "lent._ask('method', lent, '{}', (), ())",
    "lent._ask('get', lent, '{}')", "getattr(type(lent), '{}')(lent)",
    "lent._ask('get', lent, '{}').append(9)",
])  # fmt: skip
@pytest.mark.parametrize("name", ["differences", "slope", "calls"])
def test_an_object_of_a_test_is_called_and_no_more(answers, lent, asked, name):
    f = answers(f"def f(lent, X): return {asked.format(name)}")
    with pytest.raises((AttributeError, TypeError)):
        f(lent, X)
    g = answers("def g(lent, X): return lent(X)", "g")
    lent.calls.clear()
    assert torch.equal(g(lent, X), lent(X)) and len(lent.calls) == 2
