"""Names that a test has taken from the answers, and that a call of the test's binds anew there."""

from .frames import ChannelError

MISSING = object()  # in place of what has no such name


class Taken:
    """On the answers' side: what the test that runs has got under each name."""

    def __init__(self):
        self.last: dict[str, object] = {}

    def take(self, name: str, names: dict) -> tuple[bool, object]:
        self.last[name] = value = names.get(name, MISSING)
        return (False, None) if value is MISSING else (True, value)

    def anew(self, names: dict | None) -> tuple[tuple[str, object], ...]:
        """The names that something else is bound to since, with that."""
        changed = [n for n, v in self.last.items() if names.get(n, MISSING) is not v]
        found = tuple((name, names[name]) for name in changed if name in names)
        self.last |= found
        return found


def pairs(bound) -> tuple:
    """What a reply says of names bound anew. Raises ChannelError."""
    if type(bound) is tuple and all(type(p) is tuple and len(p) == 2 for p in bound):
        if all(type(name) is str for name, _ in bound):
            return bound
    raise ChannelError("no names that were bound anew")
