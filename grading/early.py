"""Starts a sandbox while the rest of this package, and nbgrader, are still being imported."""

from pathlib import Path

from traitlets.config import PyFileConfigLoader

from . import loading
from .limits import Limits
from .sandbox import Sandbox


def sandbox(root: Path) -> Sandbox | None:
    """One for the settings that a course's own file asks for, or None.

    Nothing has run in it: whether these are the settings that nbgrader finds is looked at later
    (``Sandbox.fits``), and whatever is wrong is then said, too.
    """
    try:
        with loading.undone():
            config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
        limits = Limits(config=config)
        return Sandbox(limits, []) if limits.isolation else None
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and not loading.is_of_file(error):
            raise
        return None
