"""Tries, on this machine, everything that the sandbox must prevent, and prints what happened."""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from jupyter_client import BlockingKernelClient

from .bubble import why_not
from .limits import Limits
from .sandbox import Sandbox
from .scratch import SandboxError

# Each attempt runs in the sandbox and sets ``result``: None where it was prevented, or what it got.
ATTEMPTS = {
    "reach a server on the internet": """
s = socket.socket(); s.settimeout(2); s.connect(("1.1.1.1", 53)); result = "connected"
""",
    "reach a server on this machine": """
s = socket.socket(); s.settimeout(2); s.connect(("127.0.0.1", given["port"])); result = "connected"
""",
    "reach an abstract socket of this machine": """
s = socket.socket(socket.AF_UNIX); s.connect("\\0" + given["abstract"]); result = "connected"
""",
    "read the gradebook, sources and other submissions": """
result = [path for path in given["hidden"] if os.path.exists(path)] or None
""",
    "read a file in the home folder": """
result = [path for path in given["home"] if os.path.exists(path)] or None
""",
    "read another file of this machine's /tmp": """
result = open(given["outside"]).read()
""",
    "find a secret in the environment": """
seen = [os.environ.get(given["variable"])]
for name in os.listdir("/proc"):
    try: seen.append(open(f"/proc/{name}/environ").read())
    except OSError: pass
result = "found" if any(given["secret"] in (text or "") for text in seen) else None
""",
    "see a process of this machine": """
result = given["pid"] if os.path.exists(f"/proc/{given['pid']}/cmdline") and given["pid"] > 60 and (
    "grading" in open(f"/proc/{given['pid']}/cmdline").read()) else None
""",
    "write outside its scratch folders": """
result = []
for folder in ["/", "/usr", "/etc", "/run", "/dev", "/sys", "/proc", sys.prefix, *given["parents"]]:
    try:
        open(os.path.join(folder, "grading-doctor"), "w").close(); result.append(folder)
    except OSError: pass
result = result or None
""",
    "hold a capability": """
lines = dict(line.split(":", 1) for line in open("/proc/self/status") if line.startswith("Cap"))
result = {k: v.strip() for k, v in lines.items() if int(v, 16)} or None
""",
    "be root": """
result = "root" if 0 in os.getresuid() + os.getresgid() else None
""",
    "gain privileges through a set-user-ID program": """
result = None if "NoNewPrivs:\\t1" in open("/proc/self/status").read() else "allowed"
""",
    "make the system writable by remounting it": """
code = libc.mount(None, b"/usr", None, 32 | 4096, None)
result = None if code else "remounted"
""",
    "make namespaces of its own": """
result = None if libc.unshare(0x10000000) else "made"
""",
    "change the process that forks the kernels": """
result = []
try: open("/proc/1/mem", "r+b"); result.append("opened its memory")
except OSError: pass
if libc.ptrace(16, 1, 0, 0) == 0: result.append("traced it")
for number in (9, 15, 2, 19): os.kill(1, number)
result = result or None
""",
    "take more memory than its limit": """
try: kept = bytearray(given["memory"]); result = "took it"
except MemoryError: pass
""",
    "write a file larger than its limit": """
with open("/grade/large", "wb") as file: file.write(bytes(given["file"]))
result = "wrote it"
""",
}
PRELUDE = """
import ctypes, json, os, socket, sys
libc, result, given = ctypes.CDLL(None, use_errno=True), None, json.loads({given!r})
try:
{body}
except (OSError, MemoryError): pass
print("RESULT" + json.dumps(result))
"""
DAEMON = """
import os, subprocess, sys, tempfile
for i in range(3):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)  # " + {word!r}],
                     start_new_session=True)
for place in ("/grade", tempfile.gettempdir(), "/dev/shm"): open(place + "/left", "w").write("left")
print("RESULT" + json.dumps(None)) if "json" in globals() else print("RESULTnull")
"""
AFTER = """
import json, os, tempfile
places = ("/grade", tempfile.gettempdir(), "/dev/shm")
print("RESULT" + json.dumps([p for p in places if os.path.exists(p + "/left")] or None))
"""
FORKS = """
import os, signal, time
for i in range(10_000):
    try: pid = os.fork()
    except OSError: break
    if pid == 0: time.sleep(60); os._exit(0)
time.sleep(2)
print("RESULT" + str(i))
"""


def kernel(box: Sandbox, code: str, seconds: float = 30) -> object:
    """Run code in a fresh kernel; what it printed as RESULT, or how the kernel was ended."""
    box.scratch.put({})
    word = secrets.token_hex(16)
    info = {"transport": "ipc", "key": word, "signature_scheme": "hmac-sha256"}
    ports = ("shell", "iopub", "stdin", "control", "hb")
    info |= {f"{name}_port": number for number, name in enumerate(ports, 1)}
    box.launch(info, {})
    client = BlockingKernelClient()
    client.load_connection_info(info | {"ip": box.scratch.address})
    client.start_channels(hb=False)
    printed = []

    def hear(message: dict) -> None:
        content = message["content"]
        printed.append(content.get("text", "") + "\n".join(content.get("traceback", [])))

    try:
        client.wait_for_ready(timeout=60)
        client.execute_interactive(code, timeout=seconds, output_hook=hear)
    except (RuntimeError, TimeoutError):
        pass
    finally:
        client.stop_channels()
        ended = box.end()
    text = "".join(printed)
    if "RESULT" in text:
        return json.loads(text.partition("RESULT")[2].splitlines()[0])
    return {"ended": ended["why"], "said": text[-500:]}


def _given(hidden: list[Path], outside: Path, variable: str, secret: str, limits: Limits) -> dict:
    home, kept = Path.home(), [sys.prefix, sys.base_prefix, *sys.path]
    return {
        "hidden": [str(path) for path in hidden if path.exists()],
        "home": [
            str(path)
            for path in home.iterdir()
            if not any(Path(name).is_relative_to(path) for name in kept if name)
        ],
        "outside": str(outside),
        "variable": variable,
        "secret": secret,
        "pid": os.getpid(),
        "parents": sorted({str(path.parent) for path in hidden}),
        "memory": (limits.memory_mb + 1280) << 20,
        "file": (limits.file_mb + 1) << 20,
    }


def doctor(course: Path) -> int:
    """``python -m grading doctor``: 0 where everything was prevented, 1 where not, 2: no sandbox."""
    if reason := why_not():
        print(f"no isolation on this machine: {reason}")
        return 2
    names = ("gradebook.db", "source", "submitted", "autograded", "feedback")
    hidden = [course.resolve() / name for name in names]
    limits = Limits(memory_mb=512, processes=24, file_mb=8, disk_mb=64, preload=[])
    try:
        failed = _try_all(hidden, limits)
    except SandboxError as error:
        print(f"no isolation on this machine: {error}")
        return 2
    print("everything was prevented" if not failed else f"NOT PREVENTED: {', '.join(failed)}")
    return 1 if failed else 0


def _try_all(hidden: list[Path], limits: Limits) -> list[str]:
    variable, secret = "GRADING_DOCTOR_SECRET", secrets.token_hex(16)
    os.environ[variable] = secret
    failed = []

    def say(what: str, got: object) -> None:
        print(f"{what:52} {'prevented' if got is None else f'NOT PREVENTED: {got}'}", flush=True)
        if got is not None:
            failed.append(what)

    with tempfile.NamedTemporaryFile("w", prefix="doctor-") as outside, _listeners() as where:
        outside.write(secret)
        outside.flush()
        given = _given(hidden, Path(outside.name), variable, secret, limits) | where
        box = Sandbox(limits, hidden)
        try:
            for what, code in ATTEMPTS.items():
                body = "\n".join("    " + line for line in code.strip().splitlines())
                say(what, kernel(box, PRELUDE.format(given=json.dumps(given), body=body)))
            say("start more processes than its limit", _few(kernel(box, FORKS), limits))
            word = "grading-doctor-" + secrets.token_hex(8)
            kernel(box, DAEMON.format(word=word))
            running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
            say("leave a process running", "still there" if word in running else None)
            say("leave files for the next submission", kernel(box, AFTER))
            streams = [kernel(box, "import random; print('RESULT', random.random())") for _ in "ab"]
            say("share random numbers with the next submission", _same(streams))
        finally:
            box.close()
    return failed


def _few(count: object, limits: Limits) -> object:
    if isinstance(count, dict):
        return None if count["ended"] == "processes" else count
    return None if count <= 4 * limits.processes else f"{count} processes"


def _same(streams: list) -> object:
    return None if streams[0] != streams[1] else streams


class _listeners:
    """Servers outside that a sandboxed program must not reach."""

    def __enter__(self) -> dict:
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.unix, name = socket.socket(socket.AF_UNIX), "grading-" + secrets.token_hex(8)
        self.unix.bind("\0" + name)
        self.unix.listen()
        return {"port": self.tcp.getsockname()[1], "abstract": name}

    def __exit__(self, *exception) -> None:
        self.tcp.close()
        self.unix.close()
