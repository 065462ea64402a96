"""Submissions of the kind that break graders, each with the mark or state it deserves.

A case is a function that hands something in; its decorator says what must come of it. To add one,
write a function in the module of its kind.
"""

from hostile import broken, dying, escaping, folders, honest, lying, passing  # noqa: F401
from hostile.case import CASES, CONFIG, FULL, GRADED, NOT_GRADABLE, TIMEOUT  # noqa: F401
