"""What the processes in the sandbox hold, and how all of it is ended and emptied.

Used by process 1, which has the student's user id and therefore sees and may remove all of it.
"""

import os
import resource
import signal
import stat
import time

PAGE = os.sysconf("SC_PAGE_SIZE")
MOST_FILES = 20_000
RESERVED_MB = 1024  # address space that a kernel's threads reserve and do not use
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def processes() -> list[int]:
    """Processes in the sandbox besides this one."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]


def mapped() -> int:
    """Bytes of address space of this process."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * PAGE


def resident(pid: int | str) -> int:
    """Bytes of memory of a process that are not pages of a file; counts shared pages in full."""
    try:
        with open(f"/proc/{pid}/status") as file:
            sizes = dict(line.split(":", 1) for line in file)
        return sum(int(sizes.get(k, "0 kB").split()[0]) for k in ("RssAnon", "RssShmem")) * 1024
    except OSError:
        return 0  # it has just ended


def proportional(pid: int) -> int:
    """Bytes of memory of a process, pages that n processes share counted 1/n each. Slower."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            sizes = dict(line.split(":", 1) for line in file.readlines()[1:])
        return int(sizes["Pss_Anon"].split()[0]) * 1024 + int(sizes["Pss_Shmem"].split()[0]) * 1024
    except (OSError, KeyError):
        return resident(pid)


def waited() -> float:
    """Seconds that threads in the sandbox, now alive, were ready to run and got no processor."""
    total = 0
    for pid in processes():
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                    total += int(file.read().split()[1])
        except OSError:
            pass  # it has just ended, or the system does not count this
    return total / 1e9


def go_on() -> None:
    """Let processes that were stopped continue: who waits for them would wait for ever."""
    for pid in processes():
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(") ")[2][0] == "T":
                    os.kill(pid, signal.SIGCONT)
        except OSError:
            pass  # it has just ended


def files(folders: list[str]) -> tuple[int, int]:
    """Bytes and files in these file systems, with what has no name or cannot be read."""
    size = count = 0
    for folder in folders:
        found = os.statvfs(folder)
        size += (found.f_blocks - found.f_bfree) * found.f_frsize
        count += found.f_files - found.f_ffree
    return size, count


def breach(setup: dict) -> str | None:
    """The limit that the sandbox as a whole is past, or None."""
    limits, pids = setup["limits"], processes()
    if len(pids) > limits["processes"]:
        return "processes"
    size, count = files(setup["writable"])
    if size > limits["disk"] or count > MOST_FILES:
        return "disk"
    if not setup["group"]:  # else the system's kernel counts memory, and more exactly
        allowed = limits["memory"] + setup["resident"]
        if size + sum(map(resident, pids)) > allowed:
            if size + sum(map(proportional, pids)) > allowed:
                return "memory"
    return None


def limit_resources(limits: dict) -> None:
    """Limits of one process; what several processes do together is watched from outside."""

    def lower(which: int, value: int) -> None:
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))

    lower(resource.RLIMIT_AS, mapped() + limits["memory"] + (RESERVED_MB << 20))
    lower(resource.RLIMIT_FSIZE, limits["file"])
    lower(resource.RLIMIT_NPROC, limits["nproc"])
    lower(resource.RLIMIT_NOFILE, 1024)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_MSGQUEUE, 0)


def close_all_but(kept: list[int]) -> None:
    """Close every descriptor of this process from 3 on but these."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                pass  # the one that listed them


def end_all(pid: int, seconds: float = 20) -> dict:
    """Kill every process in the sandbox but this one and report how the process ``pid`` ended."""
    status, usage = None, None
    deadline = time.monotonic() + seconds
    while True:
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            while True:
                done, code, used = os.wait4(-1, os.WNOHANG)
                if done == 0:
                    break
                if done == pid:
                    status, usage = os.waitstatus_to_exitcode(code), used
        except ChildProcessError:
            pass
        left = processes()
        if not left or time.monotonic() > deadline:
            break
        time.sleep(0.002)
    return {
        "code": status,
        "cpu": usage.ru_utime + usage.ru_stime if usage else None,
        "memory": usage.ru_maxrss * 1024 if usage else None,
        "left": len(left),
    }


def empty(folder: str) -> None:
    """Remove everything below a folder, however deep, long-named, or closed.

    Folders within folders are first brought up to the top, so that no path is ever long.
    """
    try:
        os.chmod(folder, 0o1777)
        for name in os.listxattr(folder):
            os.removexattr(folder, name)
    except OSError:
        pass  # not ours: then nobody else inside could change it either
    top, number = os.open(folder, FOLDER), 0
    try:
        while names := os.listdir(top):
            for name in names:
                if not stat.S_ISDIR(os.stat(name, dir_fd=top, follow_symlinks=False).st_mode):
                    os.unlink(name, dir_fd=top)
                    continue
                os.chmod(name, 0o700, dir_fd=top)
                inner = os.open(name, FOLDER, dir_fd=top)
                try:
                    for child in os.listdir(inner):
                        mode = os.stat(child, dir_fd=inner, follow_symlinks=False).st_mode
                        if not stat.S_ISDIR(mode):
                            os.unlink(child, dir_fd=inner)
                            continue
                        os.chmod(child, 0o700, dir_fd=inner)  # to move it changes its ".."
                        while _there(up := f"{number}", top):
                            number += 1
                        os.rename(child, up, src_dir_fd=inner, dst_dir_fd=top)
                finally:
                    os.close(inner)
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)


def _there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
