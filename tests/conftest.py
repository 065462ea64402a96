"""What every test finds as it was: the look of figures, which notebooks set."""

import sys

import matplotlib
import pytest

matplotlib.use("Agg")

LONG = "grading_hostile grading grading_cluster grading_regrade grading_sandbox".split()
LONG += "browser nbgrader website".split()


def pytest_collection_modifyitems(items):
    """After the notebooks the files that take longest: else all wait for one of them at the end."""

    def place(item) -> int:
        name = item.path.stem.removeprefix("test_")
        others = -1 if item.path.suffix == ".ipynb" else len(LONG)
        return LONG.index(name) if name in LONG else others

    items.sort(key=place)


@pytest.fixture(autouse=True)
def same_figures():
    with matplotlib.rc_context():
        yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


@pytest.fixture
def float64_seeded():
    """Numbers drawn from seed 0, all of them double."""
    import torch

    torch.manual_seed(0)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.fixture(scope="session")
def warm(tmp_path_factory):
    """A process from which processes of answers are forked: see tests/apart_answers.py."""
    from apart_answers import Warm

    made = Warm(tmp_path_factory.mktemp("apart"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def answers(warm):
    made = warm()
    yield made
    made.close()


@pytest.fixture
def watched(warm):
    """A process of answers, one for the test alone, whose calls are watched."""
    from checks import watch

    made = warm()
    watch.THERE.append(made.peer)
    yield made
    watch.THERE.clear()
    made.close()
