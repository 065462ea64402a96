"""What the settings file does while it is read, other than to set values, is undone."""

import fcntl
import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

STREAMS = ("stdin", "stdout", "stderr")
FAR = 200  # descriptors that no file closes by mistake


@contextmanager
def undone() -> Iterator[None]:
    """Afterwards streams, warnings and the working folder are as before."""
    folder, kept = os.getcwd(), [fcntl.fcntl(n, fcntl.F_DUPFD_CLOEXEC, FAR) for n in range(3)]
    streams = [getattr(sys, name) for name in STREAMS]
    try:
        with warnings.catch_warnings():
            yield
    finally:
        for number, (name, stream, descriptor) in enumerate(
            zip(STREAMS, streams, kept, strict=True)
        ):
            os.dup2(descriptor, number)
            os.close(descriptor)
            if stream.closed:
                stream = open(number, "w" if number else "r", closefd=False)
            setattr(sys, name, stream)
        with suppress(OSError):
            os.chdir(folder)


def is_of_file(error: BaseException) -> bool:
    """Whether the settings file has raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    return any(frame.filename.endswith("nbgrader_config.py") for frame in frames)
