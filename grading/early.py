"""Starts a sandbox while the rest of this package, and nbgrader, are still being imported."""

from pathlib import Path

from traitlets.config import PyFileConfigLoader

from .limits import Limits
from .sandbox import Sandbox


def sandbox(root: Path) -> Sandbox | None:
    """One for the settings that a course's own file asks for, or None.

    Nothing has run in it: whether these are the settings that nbgrader finds is looked at later
    (``Sandbox.fits``), and whatever is wrong is then said, too.
    """
    try:
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
        limits = Limits(config=config)
        return Sandbox(limits, []) if limits.isolation else None
    except (Exception, SystemExit):
        return None
