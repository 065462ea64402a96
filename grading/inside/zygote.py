"""Process 1 of the sandbox: imports once, then forks one kernel for each submission.

It talks JSON over one socket pair with the process that started the sandbox. It never runs a
student's code itself; it watches the kernel that does, and ends everything the kernel left.

    -> {"op": "launch", "connection": {...}, "environment": {...}}   <- {"launched": pid}
    -> {"op": "signal", "number": n}
    -> {"op": "end"}                                                  <- {"ended": {...}}
    (the kernel died, or broke a limit)                               <- {"ended": {...}}
"""

import ctypes
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
CHECK_SECONDS = 0.25
RESERVED = 1 << 30  # address space that a kernel's threads reserve and do not use
PAGE = os.sysconf("SC_PAGE_SIZE")
libc = ctypes.CDLL(None, use_errno=True)


def become(uid: int | None) -> None:
    """Give up root for ``uid``; everything after this call runs without any privilege."""
    if uid is not None:
        for capability in range(64):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # the version of capset(2) with 64 bits
    libc.capset(header, (ctypes.c_uint32 * 6)())
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # no kernel may read or change this process


def preload(names: list[str]) -> list[str]:
    """Import what notebooks import; return the names that are not installed or fail."""
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:
            missing.append(f"{name}: {type(error).__name__}: {error}")
    return missing


def tasks() -> int:
    """Threads of this process. Forking is safe from one thread only."""
    return len(os.listdir("/proc/self/task"))


def mapped() -> int:
    """Bytes of address space of this process."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * PAGE


# --- the kernel process ------------------------------------------------------------------------


def limit_resources(limits: dict) -> None:
    """Limits of one process; what several processes do together is watched from outside."""

    def lower(which: int, value: int) -> None:
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))

    lower(resource.RLIMIT_AS, mapped() + limits["memory"] + RESERVED)
    lower(resource.RLIMIT_FSIZE, limits["file"])
    lower(resource.RLIMIT_NPROC, limits["nproc"])
    lower(resource.RLIMIT_NOFILE, 1024)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_MSGQUEUE, 0)


def reseed() -> None:
    """Forked processes share their parent's random streams; give this one its own."""
    if "random" in sys.modules:
        sys.modules["random"].seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "torch" in sys.modules:
        sys.modules["torch"].seed()


def run_kernel(request: dict, setup: dict) -> None:
    """Become the kernel. Does not return."""
    os.closerange(3, 4096)
    os.setsid()
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    limit_resources(setup["limits"])
    for number in (signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.environ.update(request["environment"])
    os.chdir(setup["work"])
    reseed()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(os.path.join(setup["home"], "kernel.log"), os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    from guard import start_kernel

    start_kernel(request["connection"], setup)


# --- the supervisor ----------------------------------------------------------------------------


def processes() -> list[int]:
    """Processes in the sandbox besides this one."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]


def resident(pid: int) -> int:
    """Bytes of memory of a process that are not pages of a file; counts shared pages in full."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            size = file.read().split()
        return (int(size[1]) - int(size[2])) * PAGE
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


def disk_use(folders: list[str], most: int, most_files: int = 20_000) -> int:
    """Bytes below the folders; stops counting once past ``most`` bytes or too many entries."""
    total = entries = 0
    stack = list(folders)
    while stack:
        try:
            with os.scandir(stack.pop()) as found:
                for entry in found:
                    entries += 1
                    if entry.is_dir(follow_symlinks=False):
                        stack.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if total > most or entries > most_files:
                        return most + 1
        except OSError:
            pass  # removed while we looked, or made unreadable
    return total


def breach(setup: dict) -> str | None:
    """The limit that the sandbox as a whole is past, or None."""
    limits, pids = setup["limits"], processes()
    if len(pids) > limits["processes"]:
        return "processes"
    allowed = limits["memory"] + setup["resident"]
    if sum(map(resident, pids)) > allowed and sum(map(proportional, pids)) > allowed:
        return "memory"
    if disk_use(setup["writable"], limits["disk"]) > limits["disk"]:
        return "disk"
    return None


def end_all(pid: int) -> dict:
    """Kill every process in the sandbox but this one and report how the kernel ended."""
    status, usage = None, None
    deadline = time.monotonic() + 10
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


def supervise(control: socket.socket, pid: int, setup: dict) -> None:
    """Serve one kernel until it is ended or dies."""
    child = os.pidfd_open(pid)
    poller = select.poll()
    poller.register(child, select.POLLIN)
    poller.register(control, select.POLLIN)
    why = None
    try:
        while True:
            ready = dict(poller.poll(CHECK_SECONDS * 1000))
            if control.fileno() in ready:
                data = control.recv(1 << 20)
                if not data:
                    end_all(pid)
                    os._exit(0)
                request = json.loads(data)
                if request["op"] == "signal":
                    try:
                        os.killpg(pid, request["number"])
                    except ProcessLookupError:
                        pass
                elif request["op"] == "end":
                    why = "ended"
                    break
            if child in ready:
                why = "died"
                break
            if limit := breach(setup):
                why = limit
                break
    finally:
        os.close(child)
    control.send(json.dumps({"ended": {"why": why, **end_all(pid)}}).encode())


def main() -> None:
    setup = json.loads(sys.argv[1])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    become(setup["uid"])
    os.chdir(setup["work"])
    control = socket.socket(fileno=setup["fd"])
    missing = preload(["guard", *setup["preload"]])
    preload(
        [name for name in sys.modules["guard"].MODULES if name.partition(".")[0] in sys.modules]
    )
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    sys.path.remove(os.path.dirname(__file__))
    gc.collect()
    gc.freeze()  # the collector of a forked kernel then leaves these pages shared
    setup["resident"] = resident(os.getpid())
    control.send(json.dumps({"ready": tasks(), "missing": missing, "pid": os.getpid()}).encode())
    while True:
        data = control.recv(1 << 20)
        if not data:
            os._exit(0)
        request = json.loads(data)
        if request["op"] == "launch":
            assert tasks() == 1, "the zygote must have one thread to fork safely"
            pid = os.fork()
            if pid == 0:
                try:
                    run_kernel(request, setup)
                    os._exit(0)
                except BaseException:
                    with open(os.path.join(setup["home"], "kernel.log"), "a") as log:
                        traceback.print_exc(file=log)
                finally:
                    os._exit(1)
            control.send(json.dumps({"launched": pid}).encode())
            supervise(control, pid, setup)
        elif request["op"] == "end":
            control.send(json.dumps({"ended": {"why": "ended", **end_all(0)}}).encode())


if __name__ == "__main__":
    main()
