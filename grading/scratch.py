"""The grader's own temporary folder. Nothing in it can be written, or linked to, from the sandbox."""

import fcntl
import os
import shutil
import socket
import stat
import subprocess
import tempfile
from pathlib import Path

PREFIX = "grading-"
MEND = "set TMPDIR to a folder that you may write and that has room"
CHANNELS = ("shell", "iopub", "stdin", "control")
INSIDE = Path(__file__).with_name("inside")


class SandboxError(Exception):
    """The sandbox cannot be had, or failed. The message says what to do."""


class SetupError(SandboxError):
    """It will fail for every submission: nothing is to be tried again."""


def folder_of_our_own() -> tuple[Path, object]:
    """A new folder, and its open lock: while that is held, ``remove_stale`` leaves it alone."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    except OSError as error:
        raise SandboxError(f"no temporary folder can be made ({error}); {MEND}") from None
    lock = open(folder / "lock", "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


class Scratch:
    """What a sandbox is given: the program it runs, a submission's files, and listening sockets.

    The sockets are bound here, where no student's code can reach, and only their descriptors go
    inside. They are addressed through a descriptor of their folder, however long its path is.
    """

    def __init__(self) -> None:
        self.root, self._lock = folder_of_our_own()
        self.inside, self.inbox = self.root / "inside", self.root / "inbox"
        self.own = self.root / "own"  # modules of the assignment's, for its tests
        shutil.copytree(INSIDE, self.inside, ignore=shutil.ignore_patterns("__pycache__"))
        self.inbox.mkdir()
        self.own.mkdir()
        for folder in (self.inside, self.inbox, self.own):
            readable(folder)
        (self.root / "sockets").mkdir()
        self._folder = os.open(self.root / "sockets", os.O_PATH | os.O_DIRECTORY)
        self.address = f"/proc/self/fd/{self._folder}/kernel"

    def listen(self, ports: dict[str, int]) -> list[socket.socket]:
        """Sockets for a kernel's channels, in the order of ``CHANNELS``."""
        found = []
        for name in CHANNELS:
            path = f"{self.address}-{ports[name]}"
            if os.path.lexists(path):
                os.unlink(path)
            found.append(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK))
            found[-1].bind(path)
            found[-1].listen(64)
        return found

    def put(self, files: dict[str, Path], own: dict[str, Path] | None = None) -> None:
        """Fill the inbox: path below the kernel's working folder -> file to copy; and ``own``."""
        self.clear()
        for folder, given in ((self.inbox, files), (self.own, own or {})):
            for name, source in given.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target, follow_symlinks=False)
            readable(folder)

    def clear(self) -> None:
        """Empty both folders, which stay in their place: the sandbox has them mounted."""
        for entry in [*os.scandir(self.inbox), *os.scandir(self.own)]:
            if entry.is_dir(follow_symlinks=False):
                remove(Path(entry.path))
            else:
                os.unlink(entry.path)

    def forget(self) -> None:
        os.close(self._folder)
        self._lock.close()

    def close(self) -> None:
        self.forget()
        remove(self.root)


def readable(folder: Path) -> None:
    """Let the sandbox's user read a folder of ours, whatever the umask."""
    for where, _, files in os.walk(folder):
        os.chmod(where, 0o755)
        for name in files:
            os.chmod(os.path.join(where, name), 0o644)


def remove(folder: Path) -> None:
    """Remove a folder that may hold what a student handed in."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwX", "--", str(folder)], capture_output=True)
        subprocess.run(["rm", "-rf", "--one-file-system", "--", str(folder)], capture_output=True)
    if folder.exists():
        raise SandboxError(f"could not remove {folder}; remove it by hand")


def remove_stale() -> None:
    """Remove folders of runs that were killed: those whose lock nobody holds."""
    try:
        found = list(Path(tempfile.gettempdir()).glob(PREFIX + "*"))
    except OSError:
        return
    for path in found:
        try:
            if path.lstat().st_uid != os.geteuid() or not stat.S_ISDIR(path.lstat().st_mode):
                continue
            with open(path / "lock") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(path)
        except (OSError, SandboxError):
            pass  # in use, or just made
