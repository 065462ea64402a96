"""How a command begins, and how it ends where nobody has foreseen what happened."""

import os
import sys
from pathlib import PurePath
from traceback import walk_tb


def have_streams() -> None:
    """Standard streams that were closed lead to nothing, rather than to the next file opened."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r+", encoding="utf-8"))


def place(error: OSError) -> str:
    """The file that it is about; that of a full disk names none, but whose method raised it."""
    *_, (frame, _) = walk_tb(error.__traceback__)
    whose = frame.f_locals.get("self")
    return error.filename2 or error.filename or str(whose if isinstance(whose, PurePath) else "")


def unforeseen(error: Exception) -> int:
    """Say it in one line, and where the rest is for whoever mends it; the exit status."""
    import tempfile
    import traceback

    whole = "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="error-of-grading-", suffix=".txt", delete=False, errors="replace"
        ) as file:
            file.write(whole)
        where = f"details are in {file.name}"
    except OSError as full:
        where = f"details could not be kept ({full.strerror})"
    words = " ".join(str(error).split())[:500]
    print(f"error: unforeseen: {type(error).__name__}: {words}; {where}", file=sys.stderr)
    return 1
