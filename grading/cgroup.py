"""A control group for one sandbox's kernels: the kernel of the system counts what they hold.

Memory counts whatever it is used for: processes, files in the sandbox's file system, files that
have no name, buffers of sockets. Both versions of control groups are known; where neither can be
made, ``make`` returns None, and what is then weaker is said by ``python -m grading doctor``.
"""

import os
import secrets
import subprocess
from pathlib import Path

V1 = {"memory": "memory.limit_in_bytes", "pids": "pids.max"}
V2 = {"memory": "memory.max", "pids": "pids.max"}


def _mounts(table: str) -> list[tuple[Path, str, set[str], str]]:
    """(where, version, options, its root) of each mounted hierarchy."""
    found = []
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        fields, (kind, _, options) = before.split(), after.split(" ", 2)
        if kind in ("cgroup", "cgroup2"):
            found.append((Path(fields[4]), kind, set(options.split(",")), fields[3]))
    return found


def candidates(mountinfo: str, own: str) -> list[dict[str, Path]]:
    """Folders in which a group may be made, best first: controller -> folder."""
    paths = {}  # controllers, "" for version 2 -> this process's group
    for line in own.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            paths[controller] = path
    first, second = {}, []
    for where, kind, options, root in _mounts(mountinfo):
        if kind == "cgroup":
            for controller in V1.keys() & options & paths.keys():
                first[controller] = where / os.path.relpath(paths[controller], root)
        elif "" in paths:
            folder = where / os.path.relpath(paths[""], root)
            above = [folder, *folder.parents]
            second += [dict.fromkeys(V2, f) for f in above if f.is_relative_to(where)]
    return ([first] if "memory" in first else []) + second


class Group:
    """One group (in version 1: one in each of two hierarchies), removed by ``close``."""

    def __init__(self, parents: dict[str, Path], memory: int, tasks: int):
        """Raises OSError where it cannot be made here."""
        name = f"grading-{os.getpid()}-{secrets.token_hex(4)}"
        self.folders = {controller: parent / name for controller, parent in parents.items()}
        try:
            for folder in set(self.folders.values()):
                folder.mkdir()
            self.first = (self.folders["memory"] / V1["memory"]).exists()
            files = V1 if self.first else V2
            for controller, most in (("memory", memory), ("pids", tasks)):
                if controller in self.folders:
                    (self.folders[controller] / files[controller]).write_text(str(most))
            swap = "memory.memsw.limit_in_bytes" if self.first else "memory.swap.max"
            if (self.folders["memory"] / swap).exists():
                (self.folders["memory"] / swap).write_text(str(memory if self.first else 0))
        except OSError:
            self.close()
            raise

    def enter(self) -> list[int]:
        """Descriptors to which a process writes "0" to come under the limits; the caller closes."""
        return [
            os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)
            for folder in sorted(set(self.folders.values()))
        ]

    def kills(self) -> int:
        """How many processes were ended because the group was out of memory."""
        name = "memory.oom_control" if self.first else "memory.events"
        try:
            lines = (self.folders["memory"] / name).read_text().split("\n")
        except OSError:
            return 0
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    def held(self) -> int:
        """Bytes that are held now."""
        name = "memory.usage_in_bytes" if self.first else "memory.current"
        return int((self.folders["memory"] / name).read_text())

    def close(self) -> None:
        for folder in set(self.folders.values()):
            try:
                folder.rmdir()
            except OSError:
                pass  # never made, or something still ends in it


def make(memory: int, tasks: int) -> Group | None:
    """A group with these limits, or None where this machine lets us make none."""
    try:
        mountinfo = Path("/proc/self/mountinfo").read_text()
        own = Path("/proc/self/cgroup").read_text()
    except OSError:
        return None
    for parents in candidates(mountinfo, own):
        try:
            group = Group(parents, memory, tasks)
        except OSError:
            continue
        if _can_be_entered(group):
            return group
        group.close()
    return None


def _can_be_entered(group: Group) -> bool:
    """To move a process takes rights that to make a group does not."""
    doors = [str(folder / "cgroup.procs") for folder in set(group.folders.values())]
    null = subprocess.DEVNULL
    return subprocess.run(["tee", *doors], input=b"0", stdout=null, stderr=null).returncode == 0
