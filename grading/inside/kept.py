"""Tells which files of the assignment's are no longer what they were, where a test may read them.

Answers and tests have one folder. A file's inode and the time when the system last noted a change
of it cannot be set back, so that a file that was written, replaced or moved and put back is known.
"""

import os
import sys

READS = os.O_WRONLY | os.O_RDWR  # not set in a file that is opened for reading


class Kept:
    """The files below the working folder as they are when this is made."""

    def __init__(self):
        self.folder = os.getcwd()
        found = [(where, name) for where, _, names in os.walk(".") for name in names]
        paths = [os.path.normpath(os.path.join(where, name)) for where, name in found]
        self.was = {path: _state(path) for path in paths}
        self.given: set[str] = set()  # those that a test may rely on
        self.changed: set[str] = set()
        sys.addaudithook(self._heard)

    def begin(self, given: list[str]) -> None:
        self.given, self.changed = self.was.keys() & set(given), set()

    def end(self) -> list[str]:
        """Which of the given files a test may have found changed; each is told once."""
        self.changed |= {name for name in self.given if self._differs(name)}
        found, self.given = sorted(self.changed & self.given), set()
        for name in found:
            del self.was[name]
        return found

    def _differs(self, name: str) -> bool:
        """Whether it is another one now, or there is another one in the present folder."""
        places = [os.path.join(self.folder, name)] + [name] * os.path.lexists(name)
        return any(_state(place) != self.was[name] for place in places)

    def _heard(self, event: str, arguments: tuple) -> None:
        """Looks at a file when a test opens it; one that the test itself writes is its own."""
        if event != "open" or not self.given or isinstance(arguments[0], int):
            return
        path, _, flags = arguments
        path = os.path.normpath(os.fsdecode(path))
        try:
            full = os.path.join(os.getcwd(), path)
        except OSError:  # an answer has removed the folder
            return
        for name in {path, os.path.relpath(full, self.folder)} & self.given:
            if flags & READS:
                self.was.pop(name)
                self.given.discard(name)
            elif _state(full) != self.was[name]:
                self.changed.add(name)


def _state(path: str) -> tuple | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_ctime_ns
