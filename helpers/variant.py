"""Numbers of one's own: who you say you are draws one of each list, the same on every machine.

There is no secret in it: whoever knows your name knows your numbers, and any name draws numbers
that are as hard as another's.
"""

import hashlib
import unicodedata
from contextlib import suppress
from types import SimpleNamespace


class Numbers(SimpleNamespace):
    """One number of each list, by name; `given` holds the lists."""

    def __str__(self) -> str:
        return "\n".join(f"{name} = {getattr(self, name)}" for name in self.given)


def spelt(me: str | int) -> str:
    """What counts of a name or number: neither capitals nor spaces, in one Unicode form."""
    with suppress(ValueError):  # half a character, or too many digits
        if isinstance(me, str | int) and not isinstance(me, bool):
            text = "".join(unicodedata.normalize("NFKC", str(me)).casefold().split())
            return text.encode().decode()
    raise TypeError('write your name or number between quotes, as in me = "Ana Lopez", and run all')


def numbers(me: str | int, **given: tuple) -> Numbers:
    """One of each list, drawn by `me` (and the list's name); of each the first where `me` is ""."""
    key, found = spelt(me), {}
    for name, values in given.items():
        digest = hashlib.sha256(f"{key}\n{name}".encode()).digest()
        found[name] = values[int.from_bytes(digest[:8], "big") % len(values) if key else 0]
    return Numbers(given=given, **found)
