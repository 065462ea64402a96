"""Waiting for a kernel, with an end."""

import time

from .sandbox import Sandbox

PATIENCE = 5  # how many times longer a wait may be for a program that gets no processor


class Patience:
    """A wait with an end: ``seconds``, and besides what the kernel waits for a processor meanwhile."""

    def __init__(self, seconds: float, box: Sandbox | None):
        self.seconds, self.box = seconds, box
        self.started, self.more = time.monotonic(), 0.0
        self.before = box.has_waited if box else 0.0

    def over(self) -> bool:
        """Asks the sandbox only when the time is up as the clock has it."""
        gone = time.monotonic() - self.started
        if gone > self.seconds + self.more and self.box and gone < PATIENCE * self.seconds:
            waited = min(self.box.waited() - self.before, (PATIENCE - 1) * self.seconds)
            self.more = max(self.more, waited)
        return gone > self.seconds + self.more
