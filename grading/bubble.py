"""The command line of bubblewrap: what of this machine a sandbox shows, and how it is cut off."""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from .limits import MB, Limits
from .scratch import SandboxError, Scratch


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


def _elsewhere(name: str):
    """Where a package lies as Python in a sandbox looks for it: not in the folder that this runs in."""
    before, here = sys.path[:], os.getcwd()
    sys.path[:] = [path for path in before if os.path.abspath(path) != here]
    try:
        found = (finder.find_spec(name, None) for finder in sys.meta_path)
        return next(filter(None, found), None)
    finally:
        sys.path[:] = before


def _python_paths(modules: list[str]) -> list[str]:
    """Folders that hold the interpreter, installed packages, and the packages to preload."""
    paths = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sysconfig.get_paths().values()}
    paths |= {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
    paths |= {os.path.dirname(os.path.realpath(sys.executable))}
    for name in {module.partition(".")[0] for module in modules}:
        spec = _elsewhere(name) or importlib.util.find_spec(name)
        paths |= set(spec.submodule_search_locations or []) if spec else set()
    return sorted(path for path in paths if os.path.isdir(path) and path != "/usr")


def user(slot: int) -> int | None:
    """The user id inside when started as root: one that owns nothing, one for each worker."""
    return 64800 + slot if os.geteuid() == 0 else None


def shown(limits: Limits, hidden: list[Path]) -> list[str]:
    """What a sandbox shows besides the system. Raises SandboxError where that would show ``hidden``."""
    paths = _python_paths([*limits.preload, *limits.shared])
    paths += [os.path.abspath(path) for path in limits.read_only]
    for path in paths:
        for secret in hidden:
            if secret.resolve().is_relative_to(Path(path).resolve()):
                raise SandboxError(
                    f"{secret} must stay hidden from submissions but lies inside {path}, "
                    "which they need; move the course elsewhere"
                )
    if os.geteuid() == 0:  # inside, it is somebody else who reads them
        for path in paths:
            try:
                closed = os.path.isdir(path) and os.stat(path).st_mode & 0o005 != 0o005
            except OSError:
                closed = False
            if closed:
                raise SandboxError(
                    f"the sandbox's unprivileged user cannot read {path} (installed with a umask "
                    f"of 077?); let everybody read it: chmod -R go+rX {path!r}"
                )
    return paths


class Bubble:
    """Where things lie inside one sandbox, and the command that makes it."""

    def __init__(self, limits: Limits, shown: list[str], uid: int | None):
        self.limits, self.shown, self.uid = limits, shown, uid
        # Python itself may lie below /tmp, which must then stay in sight and cannot be written
        below_tmp = any(Path(path).is_relative_to("/tmp") for path in shown)
        self.work, self.home = "/grade", "/student" if below_tmp else "/tmp"
        self.writable = [self.work, self.home, "/dev/shm"]

    def command(self, scratch: Scratch) -> list[str]:
        """The writable folders are file systems in memory, of fixed size, that only it can see."""
        passwd, uid = scratch.root / "passwd", 65534 if self.uid is None else self.uid
        passwd.write_text(f"student:x:{uid}:{uid}::{self.home}:/bin/sh\n")
        passwd.chmod(0o644)
        arguments = ["bwrap", *_namespaces(), "--as-pid-1"]
        parents = {str(parent) for path in self.shown for parent in Path(path).parents}
        for folder in sorted((parents | {"/etc", "/run"}) - {"/"}):  # bubblewrap's own are 0700
            arguments += ["--perms", "0755", "--dir", folder]
        arguments += ["--ro-bind", str(passwd), "/etc/passwd", "--proc", "/proc", "--dev", "/dev"]
        arguments += _system()
        for path in self.shown:
            arguments += ["--ro-bind", path, path]
        arguments += ["--ro-bind", str(scratch.inside), "/run/grading"]
        arguments += ["--ro-bind", str(scratch.inbox), "/run/inbox"]
        arguments += ["--ro-bind", str(scratch.own), "/run/own"]
        for folder in self.writable:
            size = str(self.limits.disk_mb * MB)
            arguments += ["--size", size, "--perms", "1777", "--tmpfs", folder]
        return [*arguments, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]

    def environment(self) -> dict[str, str]:
        passed = [*self.limits.environment, "TZ"]
        given = {name: os.environ[name] for name in passed if name in os.environ}
        threads = dict.fromkeys(["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"], "1")
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
            **threads,
            **given,
        }


def threads_of(uid: int | None) -> int:
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
