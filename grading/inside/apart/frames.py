"""Messages over a socket: JSON for the structure, raw bytes for tensors, both bounded.

Nothing is built from what arrives but what JSON can say and byte strings; sizes are known before
anything is read.
"""

import contextlib
import json
import os
import select
import signal
import socket
import struct
import threading

HEAD = struct.Struct("!QQ")  # bytes of JSON, bytes that follow it
MOST_TEXT = 16 << 20
MOST_BLOBS = 100_000
PIECE = 1 << 20


class ChannelError(RuntimeError):
    """The other process has ended, or what came from it cannot be read."""

    answer_line = None  # it was raised in none of an answer's


@contextlib.contextmanager
def interrupts(how: int):
    """Meanwhile interrupts of this thread are put off, SIG_BLOCK, or come, SIG_UNBLOCK."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    try:
        signal.pthread_sigmask(how, [signal.SIGINT])
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Frames:
    """Sends and receives (message, byte strings); what is larger than `most` bytes is refused.

    An interrupt comes between two messages only. child: a descriptor of the process that is to be
    heard, whose end ends the channel, whoever else may hold the other end of the socket.
    """

    def __init__(self, sock: socket.socket, most: int = 256 << 20, child: int | None = None):
        self.sock, self.most, self.child = sock, most, child
        self.process = os.getpid()  # a child of an answer's has no channel
        self.broken = ""  # why nothing can be read any more
        self.poll = select.poll()
        self.poll.register(sock, select.POLLIN)
        if child is not None:
            self.poll.register(child, select.POLLIN)
        self.lock = threading.Lock()  # threads of an answer may print

    def send(self, message: dict, blobs: list[bytes]) -> None:
        """Raises ValueError, and sends nothing, where the message is too large."""
        if os.getpid() != self.process:  # it has done what it was forked for
            os._exit(0)
        text = json.dumps({**message, "sizes": [len(blob) for blob in blobs]}).encode()
        size = sum(map(len, blobs))
        if len(text) > MOST_TEXT or size > self.most or len(blobs) > MOST_BLOBS:
            raise ValueError(f"too large to hand over: {(len(text) + size) >> 20} MB")
        with self.lock, interrupts(signal.SIG_BLOCK):
            try:
                self.sock.sendall(HEAD.pack(len(text), size) + text)
                for blob in blobs:
                    self.sock.sendall(blob)
            except OSError as error:
                raise self._fail(f"the process of the answers is gone ({error})") from None
            except BaseException:  # a signal of an answer's own in the middle of a message
                self._fail("a message was cut off")
                raise

    def receive(self) -> tuple[dict, list[bytes]]:
        """The next message. Raises ChannelError, and KeyboardInterrupt before anything is read.

        The caller has put off interrupts: else one that comes when all is read loses the message.
        """
        if self.broken:
            raise ChannelError(self.broken)
        with interrupts(signal.SIG_UNBLOCK):
            ready = dict(self.poll.poll())
        try:
            if self.sock.fileno() not in ready:
                raise self._fail("the process of the answers has ended")
            return self._read()
        except OSError as error:
            raise self._fail(f"the process of the answers is gone ({error})") from None
        except (ValueError, RecursionError, MemoryError, TypeError, KeyError) as error:
            raise self._fail(f"what came cannot be read ({type(error).__name__})") from None
        except BaseException:
            self._fail("a message was cut off")
            raise

    def _read(self) -> tuple[dict, list[bytes]]:
        text_size, size = HEAD.unpack(self._exactly(HEAD.size))
        if text_size > MOST_TEXT or size > self.most:
            raise ValueError("a message past the limit")
        message = json.loads(self._exactly(text_size))
        sizes = message.pop("sizes")
        if len(sizes) > MOST_BLOBS or any(type(n) is not int or n < 0 for n in sizes):
            raise ValueError("sizes")
        if sum(sizes) != size:
            raise ValueError("sizes")
        return message, [self._exactly(n) for n in sizes]

    def _exactly(self, size: int) -> bytes:
        found = bytearray()
        while len(found) < size:
            piece = self.sock.recv(min(size - len(found), PIECE))
            if not piece:
                raise self._fail("the process of the answers has ended")
            found += piece
        return bytes(found)

    def _fail(self, why: str) -> ChannelError:
        self.broken = self.broken or why
        return ChannelError(self.broken)
