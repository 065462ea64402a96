"""Processes of answers for the tests of `grading.inside.apart`: forked from one that is warm."""

import socket
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

from grading.inside.apart.frames import Frames
from grading.inside.apart.library import Library
from grading.inside.apart.peer import Peer

PACKAGES = ("torch.nn", "helpers", "checks.watch")
# whose classes are the tests' own
OWN = ("test_apart", "test_apart_forged", "test_apart_objects", "test_apart_within_reach")
WARM = """
import linecache, os, signal, socket, struct, sys
import checks.watch, torch._dynamo
from grading.inside.apart.frames import Frames
from grading.inside.apart.library import Library
from grading.inside.apart.peer import Peer

def serve(connection):
    names = {"__name__": "__main__"}
    def execute(source):
        linecache.cache["<answer>"] = len(source), None, source.splitlines(True), "<answer>"
        exec(compile(source, "<answer>", "exec"), names)
    names["execute"] = execute
    (most,) = struct.unpack("!Q", connection.recv(8))
    os.chdir(sys.argv[2])
    library = Library(PACKAGES)
    library.withdraw()
    peer = Peer("a", Frames(connection, most), library, names)
    peer.shown.divert()
    peer.serve()

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.default_int_handler)
server = socket.socket(fileno=int(sys.argv[1]))
while True:
    connection, _ = server.accept()
    if os.fork() == 0:
        try:
            server.close()
            serve(connection)
        finally:
            os._exit(0)
    connection.close()
"""


class Warm:
    """Makes processes of answers, `warm()`, until it is closed."""

    def __init__(self, folder: Path):
        self.path, self.folder = str(folder / "warm"), folder
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(self.path)
            server.listen()
            source = WARM.replace("PACKAGES", repr(PACKAGES))
            command = [sys.executable, "-c", source, str(server.fileno()), str(folder)]
            self.process = subprocess.Popen(command, pass_fds=[server.fileno()])

    def __call__(self, most: int = 64 << 20) -> "Answers":
        return Answers(self.path, most)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class Answers:
    """A process of answers, and the tests' end of the channel to it."""

    def __init__(self, path: str, most: int):
        here = socket.socket(socket.AF_UNIX)
        here.connect(path)
        here.sendall(struct.pack("!Q", most))
        library = Library(PACKAGES, OWN)
        self.peer = Peer("t", Frames(here, most), library)
        self.execute = self.peer.fetch("execute")

    def __call__(self, source: str, name: str = "f"):
        """What `name` is after the source has run there."""
        self.execute(textwrap.dedent(source))
        return self.peer.fetch(name)

    def close(self) -> None:
        self.peer.frames.sock.close()
