"""How a command ends of which nobody has foreseen what happened."""

import sys
import tempfile
import traceback


def unforeseen(error: Exception) -> int:
    """Say it in one line, and where the rest is for whoever mends it; the exit status."""
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
