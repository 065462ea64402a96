"""What every test finds as it was: the look of figures, which notebooks set."""

import matplotlib
import pytest


@pytest.fixture(autouse=True)
def same_figures():
    with matplotlib.rc_context():
        yield
