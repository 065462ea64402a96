"""The sandbox: bubblewrap around a warm Python process that forks one kernel per submission."""

import fcntl
import importlib.util
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from traitlets import Bool, Float, Integer, List, Unicode
from traitlets.config import Configurable

from . import seccomp

INSIDE = Path(__file__).with_name("inside")
MB = 1 << 20
PREFIX = "grading-"


class SandboxError(Exception):
    """The sandbox cannot be had, or failed. The message says what to do."""


class Limits(Configurable):
    """What one submission may use, and what the sandbox shows it. Set as ``c.Limits.name``."""

    submission_seconds = Float(900, help="Time for all cells of one notebook.").tag(config=True)
    start_seconds = Float(120, help="Time for the sandbox to import the preloads.").tag(config=True)
    memory_mb = Integer(4096, help="Memory beyond the warm process.").tag(config=True)
    processes = Integer(64, help="Processes alive at a time.").tag(config=True)
    file_mb = Integer(256, help="Size of one file.").tag(config=True)
    disk_mb = Integer(1024, help="All files it writes together.").tag(config=True)
    output_mb = Integer(8, help="Output of one notebook.").tag(config=True)
    notebook_mb = Integer(50, help="Size of a submitted notebook.").tag(config=True)
    kernel_restarts = Integer(2, help="Fresh kernels after a kernel died.").tag(config=True)
    preload = List(
        Unicode(),
        ["numpy", "matplotlib", "matplotlib.pyplot", "torch", "torch.optim", "torch._dynamo"],
        help="Modules imported once for all kernels; those not installed are skipped.",
    ).tag(config=True)
    guarded = List(
        Unicode(), [], help="Modules whose functions the tests rely on, besides the usual ones."
    ).tag(config=True)
    read_only = List(
        Unicode(), [], help="Files and folders that submissions may read (data sets)."
    ).tag(config=True)
    environment = List(
        Unicode(), ["COURSE_DATA"], help="Environment variables passed on to submissions."
    ).tag(config=True)
    isolation = Bool(True, help="False: run as the instructor, with no protection.").tag(
        config=True
    )


def why_not() -> str | None:
    """Why isolation cannot be had on this machine, and what to do; None where it can."""
    if not sys.platform.startswith("linux"):
        return "isolation needs Linux; grade in a Linux machine, virtual machine or container"
    if shutil.which("bwrap") is None:
        return "bubblewrap is missing; install it (Debian, Ubuntu: apt-get install bubblewrap)"
    command = ["bwrap", *_namespaces(), "--ro-bind", "/", "/", "true"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run: {error}"
    if result.returncode:
        said = result.stderr.strip().splitlines()
        return (
            f"bubblewrap cannot make a sandbox ({said[-1] if said else 'no message'}); allow "
            "user namespaces (sysctl kernel.unprivileged_userns_clone=1 or "
            "user.max_user_namespaces=10000, an AppArmor profile for bwrap on Ubuntu 24.04; "
            "in a container, one that may create namespaces)"
        )
    return None


def must_stay_hidden(course) -> list[Path]:
    """Folders of an nbgrader CourseDirectory, and its gradebook, that no submission may see."""
    names = ["source", "submitted", "autograded", "feedback"]
    paths = [Path(course.root) / getattr(course, f"{name}_directory") for name in names]
    if course.db_url.startswith("sqlite:///"):
        paths.append(Path(course.db_url.removeprefix("sqlite:///")))
    return [path.resolve() for path in paths]


def _namespaces() -> list[str]:
    """As root: a real unprivileged user id is taken inside, so no user namespace is needed."""
    arguments = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        for name in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):  # given up before anything runs
            arguments += ["--cap-add", name]
        return arguments
    return arguments + ["--unshare-user", "--uid", "65534", "--gid", "65534"]


def _system() -> list[str]:
    """What a Python process needs of the system, read-only."""
    arguments = []
    for name in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"):
        if os.path.islink(name):
            arguments += ["--symlink", os.readlink(name), name]
        elif os.path.isdir(name):
            arguments += ["--ro-bind", name, name]
    for name in ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime"):
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    arguments += ["--ro-bind-try", "/sys/devices/system/cpu", "/sys/devices/system/cpu"]
    return arguments


def _python_paths(modules: list[str]) -> list[str]:
    """Folders that hold the interpreter, installed packages, and the packages to preload."""
    paths = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values()}
    paths |= {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
    paths |= {os.path.dirname(os.path.realpath(sys.executable))}
    for name in {module.partition(".")[0] for module in modules}:
        spec = importlib.util.find_spec(name)
        paths |= set(spec.submodule_search_locations or []) if spec else set()
    return sorted(path for path in paths if os.path.isdir(path) and path != "/usr")


def _uid(slot: int) -> int | None:
    """The user id inside when started as root: one that owns nothing, one for each worker."""
    return 64800 + slot if os.geteuid() == 0 else None


class Scratch:
    """The folders one sandbox may write, emptied between submissions."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.root.chmod(0o755)
        self._lock = open(self.root / "lock", "w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.work, self.home, self.shared = (self.root / n for n in ("work", "home", "shared"))

    def fresh(self, uid: int | None) -> None:
        """Empty the folders, without replacing them: the sandbox has them mounted."""
        for folder in (self.work, self.home, self.shared):
            folder.mkdir(exist_ok=True)
            empty(folder)
            folder.chmod(0o700)
            if uid is not None:
                os.chown(folder, uid, uid)

    def put(self, files: dict[str, Path], uid: int | None) -> None:
        """Copy files in: path below the working folder -> file to copy."""
        for name, source in files.items():
            target = self.work / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target, follow_symlinks=False)
        if uid is not None:
            for folder, names, found in os.walk(self.work):
                for name in names + found:
                    os.chown(os.path.join(folder, name), uid, uid, follow_symlinks=False)

    def close(self) -> None:
        self._lock.close()
        remove(self.root)


def empty(folder: Path) -> None:
    """Remove everything below ``folder``, however hostile its names, depth or modes."""
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            remove(Path(entry.path))
        else:
            os.unlink(entry.path)


def remove(folder: Path) -> None:
    """Remove a folder that a student's code may have filled."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwX", "--", str(folder)], capture_output=True)
        subprocess.run(["rm", "-rf", "--one-file-system", "--", str(folder)], capture_output=True)
    if folder.exists():
        raise SandboxError(f"could not remove {folder}; remove it by hand")


def remove_stale() -> None:
    """Remove scratch folders of runs that were killed: those whose lock nobody holds."""
    for path in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            if path.lstat().st_uid != os.geteuid() or not stat.S_ISDIR(path.lstat().st_mode):
                continue
            with open(path / "lock") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(path)
        except (OSError, SandboxError):
            pass  # in use, or just made


class Sandbox:
    """A running sandbox: one warm process, and at most one kernel at a time."""

    def __init__(self, limits: Limits, hidden: list[Path], slot: int = 0):
        """Start it. Raises SandboxError where it cannot be had, or would show ``hidden``."""
        self.limits, self.uid = limits, _uid(slot)
        self.scratch = Scratch()
        self.scratch.fresh(self.uid)
        self.ended: dict | None = None
        self.busy = False
        try:
            self._start(hidden)
        except BaseException:
            self.close()
            raise

    def _start(self, hidden: list[Path]) -> None:
        if reason := why_not():
            raise SandboxError(reason)
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        shown = _python_paths(list(self.limits.preload))
        shown += [os.path.abspath(path) for path in self.limits.read_only]
        # Python itself may lie below /tmp, which must then stay in sight and cannot be written
        below_tmp = any(Path(path).is_relative_to("/tmp") for path in shown)
        self.home = "/student" if below_tmp else "/tmp"
        setup = self._setup(theirs.fileno())
        for path in shown:
            for secret in hidden:
                if secret.resolve().is_relative_to(Path(path).resolve()):
                    raise SandboxError(
                        f"{secret} must stay hidden from submissions but lies inside {path}, "
                        "which they need; move the course elsewhere"
                    )
        self._log = tempfile.TemporaryFile()
        command = ["bwrap", *_namespaces(), "--as-pid-1", *self._mounts(shown)]
        fds = [theirs.fileno()]
        if filter_ := seccomp.program():
            source = os.memfd_create("seccomp")
            os.write(source, filter_)
            os.lseek(source, 0, os.SEEK_SET)
            command += ["--seccomp", str(source)]
            fds.append(source)
        command += [sys.executable, "-s", "/run/grading/zygote.py", json.dumps(setup)]
        self.process = subprocess.Popen(
            command,
            pass_fds=fds,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            cwd="/",
        )
        theirs.close()
        for fd in fds[1:]:
            os.close(fd)
        ready = self._receive(self.limits.start_seconds)
        if ready["ready"] != 1:
            raise SandboxError(
                f"the warm process has {ready['ready']} threads and cannot fork safely; one of "
                f"the preloads started them: {', '.join(self.limits.preload)}"
            )
        guarded = set(self.limits.guarded)
        if needed := [m for m in ready["missing"] if m.partition(":")[0] in guarded]:
            raise SandboxError(
                f"the tests rely on modules that {sys.executable} cannot import in the sandbox "
                f"({'; '.join(needed)}); nothing was graded: install the course there (make setup)"
            )

    def _setup(self, fd: int) -> dict:
        limits = self.limits
        return {
            "fd": fd,
            "uid": self.uid,
            "preload": list(limits.preload),
            "guarded": list(limits.guarded),
            "work": "/grade",
            "home": self.home,
            "writable": ["/grade", self.home, "/dev/shm"],
            "limits": {
                "memory": limits.memory_mb * MB,
                "file": limits.file_mb * MB,
                "disk": limits.disk_mb * MB,
                "output": limits.output_mb * MB,
                "processes": limits.processes,
                "nproc": limits.processes * 4 + _threads_of(self.uid),
            },
        }

    def _mounts(self, shown: list[str]) -> list[str]:
        scratch, arguments = self.scratch, []
        passwd = scratch.root / "passwd"
        uid = 65534 if self.uid is None else self.uid
        passwd.write_text(f"student:x:{uid}:{uid}::{self.home}:/bin/sh\n")
        parents = {str(parent) for path in shown for parent in Path(path).parents}
        for folder in sorted((parents | {"/etc", "/run"}) - {"/"}):  # bubblewrap's own are 0700
            arguments += ["--perms", "0755", "--dir", folder]
        arguments += ["--ro-bind", str(passwd), "/etc/passwd", "--proc", "/proc", "--dev", "/dev"]
        arguments += _system()
        for path in shown:
            arguments += ["--ro-bind", path, path]
        arguments += ["--ro-bind", str(INSIDE), "/run/grading"]
        arguments += ["--bind", str(scratch.work), "/grade"]
        arguments += ["--bind", str(scratch.home), self.home]
        arguments += ["--bind", str(scratch.shared), "/dev/shm", "--remount-ro", "/dev"]
        return [*arguments, "--remount-ro", "/", "--chdir", "/"]

    def _environment(self) -> dict[str, str]:
        passed = [*self.limits.environment, "TZ"]
        given = {name: os.environ[name] for name in passed if name in os.environ}
        return {
            "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": self.home,
            "TMPDIR": self.home,
            "USER": "student",
            "LOGNAME": "student",
            "LANG": "C.UTF-8",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "JPY_PARENT_PID": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            **given,
        }

    def _receive(self, seconds: float) -> dict:
        self.control.settimeout(seconds)
        try:
            data = self.control.recv(1 << 20)
        except (TimeoutError, OSError):
            data = b""
        if not data:
            raise SandboxError(f"the sandbox did not answer: {self.said()}")
        return json.loads(data)

    def said(self) -> str:
        """The last line the sandbox's own process wrote."""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a message"

    def launch(self, connection: dict, environment: dict[str, str]) -> int:
        """Fork a kernel that listens at ``connection``; its process id inside."""
        self.ended, self.busy = None, True
        request = {"op": "launch", "connection": connection, "environment": environment}
        self.control.send(json.dumps(request).encode())
        return self._receive(30)["launched"]

    def poll(self) -> dict | None:
        """None while the kernel lives; then how it ended."""
        if self.busy and self.ended is None:
            self.control.setblocking(False)
            try:
                data = self.control.recv(1 << 20)
                self.ended = json.loads(data)["ended"] if data else self._lost()
            except BlockingIOError:
                return None
            except OSError:
                self.ended = self._lost()
            self.busy = False
        return self.ended

    def _lost(self) -> dict:
        return {"why": "sandbox", "code": None, "cpu": None, "memory": None, "left": 0}

    def signal(self, number: int) -> None:
        if self.poll() is None and self.busy:
            self.control.send(json.dumps({"op": "signal", "number": number}).encode())

    def end(self) -> dict:
        """End the kernel and everything it started; how it ended."""
        if self.poll() is None and self.busy:
            self.control.send(b'{"op": "end"}')
            deadline = time.monotonic() + 30
            while self.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            if self.ended is None:
                self.ended, self.busy = self._lost(), False
        return self.ended or self._lost()

    @property
    def sound(self) -> bool:
        """Whether another submission may use it: it answers, and nothing was left inside."""
        left = self.ended["left"] if self.ended else 0
        return (
            self.process.poll() is None and left == 0 and (self.ended or {}).get("why") != "sandbox"
        )

    def close(self) -> None:
        """End it and remove its scratch folder. May be called twice."""
        if control := getattr(self, "control", None):
            control.close()
        if process := getattr(self, "process", None):
            try:
                process.wait(5)  # it ends by itself when nobody listens
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self.scratch.root.exists():
            self.scratch.close()


def _threads_of(uid: int | None) -> int:
    """Threads that the sandbox's user runs already: RLIMIT_NPROC counts all of a user's."""
    user, count = os.getuid() if uid is None else uid, 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.stat(f"/proc/{name}").st_uid == user:
                    count += len(os.listdir(f"/proc/{name}/task"))
            except OSError:
                pass
    return count
