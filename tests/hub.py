"""A JupyterHub for tests, as deploy/README.md sets one up on a machine: accounts, exchange, databases.

Accounts, homes and the exchange are those of a namespace of mounts: this machine's own are not touched.
With the first process of its namespace of processes all that were started in it end.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import bundle  # noqa: E402

INSTRUCTOR, STUDENTS = "ines", ("ana", "bo")
ACCOUNTS = {INSTRUCTOR: 61001, "ana": 61002, "bo": 61003}
PASSWORD, DATABASE_PASSWORD = "a word for the test", "another for the database"
CLOSED = ("source", "tests", ".git")  # of the installation that all accounts use
PROXY = ROOT / "build" / "node_modules" / ".bin" / "configurable-http-proxy"
ALONE = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]

CONFIG = """\
load_subconfig({shipped!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.Spawner.args = ["--LabApp.expose_app_in_browser=True"]  # for the browser that is a test
"""


def missing() -> str:
    """Why there can be no hub here, or nothing."""
    if os.getuid() != 0:
        return "a hub starts each student's server as that student, which only root may"
    for program in ("unshare", "nsenter", "git", "openssl", "node"):
        if not shutil.which(program):
            return f"{program} is not installed"
    for module in ("jupyterhub", "nbgitpuller"):
        if importlib.util.find_spec(module) is None:
            return f"{module} is not installed: `make hub` does that"
    if not PROXY.exists():
        return "configurable-http-proxy is not installed: `make hub` does that"
    words = [*ALONE, "mount", "-t", "tmpfs", "none", "/mnt"]
    if subprocess.run(words, capture_output=True).returncode:
        return "this machine lets nobody make namespaces of mounts and processes"
    words = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    if (
        not shutil.which("bwrap")
        or subprocess.run(words, user=65534, capture_output=True).returncode
    ):
        return "bubblewrap is not installed, or only root may use it here"
    return postgres.missing()


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def run(*words: str | Path, **more) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True, **more).stdout


class Hub:
    """Its folder holds what accounts see as /etc, /home and /srv; started with `running`."""

    def __init__(self, folder: Path, database: postgres.Server) -> None:
        self.folder, self.database = folder, database
        self.home, self.exchange = folder / "home", Path("/srv/exchange")
        for name in ("etc", "home", "srv", "hub"):
            (folder / name).mkdir(parents=True)
        self._write_accounts()
        (folder / "srv" / "exchange").mkdir()
        (folder / "srv" / "exchange").chmod(0o1777)  # all may write, none may rename another's
        self._lay_out_course()
        self._publish()
        self.port, hub, api, self.git_port = free_ports(4)
        self.address = f"http://127.0.0.1:{self.port}"
        settings = {"port": self.port, "hub": hub, "api": api, "proxy": str(PROXY)}
        settings["shipped"] = str(ROOT / "deploy" / "jupyterhub_config.py")
        (folder / "hub" / "config.py").write_text(CONFIG.format(**settings))

    def _write_accounts(self) -> None:
        lines = {n: Path("/etc", n).read_text() for n in ("passwd", "group", "shadow")}
        secret = run("openssl", "passwd", "-6", "-stdin", input=PASSWORD).strip()
        for name, number in ACCOUNTS.items():
            lines["passwd"] += f"{name}:x:{number}:{number}::/home/{name}:/bin/bash\n"
            lines["group"] += f"{name}:x:{number}:\n"
            lines["shadow"] += f"{name}:{secret}:20000:0:99999:7:::\n"
            (self.home / name).mkdir(mode=0o700)
        for name, text in lines.items():
            path = self.folder / "etc" / name
            path.touch(mode=0o600 if name == "shadow" else 0o644)
            path.write_text(text)

    def _lay_out_course(self) -> None:
        course = self.home / INSTRUCTOR / "course"
        shutil.copytree(ROOT / "source" / "a1_training", course / "source" / "a1_training")
        shutil.copy(ROOT / "nbgrader_config.py", course)
        known = self.home / INSTRUCTOR / ".pgpass"
        known.touch(mode=0o600)
        known.write_text(f"127.0.0.1:*:*:*:{DATABASE_PASSWORD}\n")
        for name, number in ACCOUNTS.items():
            run("chown", "-R", f"{number}:{number}", self.home / name)

    def _publish(self) -> None:
        """What students get, as a git repository for links of nbgitpuller."""
        packed, work = self.folder / "bundle.zip", self.folder / "srv" / "git"
        bundle.write(packed)
        zipfile.ZipFile(packed).extractall(work)
        work = (work / bundle.NAME).rename(work / "bench")
        identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
        run("git", "init", "-q", "-b", "main", work)
        run("git", "-C", work, "add", "--all")
        run("git", "-C", work, *identity, "commit", "-q", "-m", "The course")

    def _entered(self) -> str:
        """The script that makes the namespace of mounts and becomes the command it is given."""
        there = self.folder
        lines = ["mount --make-rprivate /"]
        lines += _opened([Path(sys.base_prefix), Path(sys.prefix), ROOT])
        lines += [f"mount --bind {there}/etc/{n} /etc/{n}" for n in ("passwd", "group", "shadow")]
        lines += [f"mount --bind {there}/{name} /{name}" for name in ("home", "srv")]
        for path in (ROOT / name for name in CLOSED):
            if path.is_dir():
                lines.append(f"mount -t tmpfs -o mode=700 none {shlex.quote(str(path))}")
        return "\n".join([*lines, 'exec "$@"'])

    @contextlib.contextmanager
    def running(self) -> Iterator[Hub]:
        url = {"HUB_DATABASE": self.database.url("hub")}
        url["COURSE_GRADEBOOK"] = self.database.url("gradebook", password=False)
        environment = {**os.environ, **url, "COURSE_INSTRUCTORS": INSTRUCTOR}
        environment["COURSE_EXCHANGE"] = str(self.exchange)
        words = [*ALONE, "sh", "-euc", self._entered(), "sh", sys.executable, "-m", "jupyterhub"]
        words += ["-f", self.folder / "hub" / "config.py"]
        with open(self.folder / "hub.log", "w") as log:
            started = subprocess.Popen(
                words, env=environment, cwd=self.folder / "hub", stdout=log, stderr=log
            )
        try:
            self._wait(started)
            children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text()
            self.first = children.split()[0]
            git = ["git", "daemon", "--export-all", "--base-path=/srv/git", "--listen=127.0.0.1"]
            self.begin("root", *git, f"--port={self.git_port}")
            yield self
        finally:
            started.kill()
            started.wait()

    def _wait(self, started: subprocess.Popen) -> None:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.address + "/hub/api/", timeout=60).read()
                return
            assert started.poll() is None, self.log()
            time.sleep(0.5)
        raise AssertionError(self.log())

    def log(self) -> str:
        return (self.folder / "hub.log").read_text()[-4000:]

    def _inside(self, account: str, words: tuple) -> list:
        number = str(ACCOUNTS.get(account, 0))
        enter = ["nsenter", "-t", self.first, "-m", "-p", "-S", number, "-G", number, "--"]
        return [*enter, "env", f"HOME=/home/{account}", *words]

    def begin(self, account: str, *words: str) -> subprocess.Popen:
        return subprocess.Popen(self._inside(account, words), stderr=subprocess.DEVNULL)

    def run(self, account: str, *words: str) -> subprocess.CompletedProcess:
        """A command as this account runs it in a terminal of the machine."""
        return subprocess.run(self._inside(account, words), capture_output=True, text=True)


def _opened(needed: list[Path]) -> list[str]:
    """Commands by which all accounts get to these folders, also below one that is closed to them."""
    lines, closed = ["mount -t tmpfs none /mnt"], {}
    for number, path in enumerate(needed):
        above = [p for p in reversed(path.parents) if p.stat().st_mode & 0o001 == 0]
        if above:
            lines += [
                f"mkdir /mnt/{number}",
                f"mount --bind {shlex.quote(str(path))} /mnt/{number}",
            ]
            closed.setdefault(above[0], []).append((number, path))
    for folder, found in closed.items():
        lines.append(f"mount -t tmpfs -o mode=755 none {shlex.quote(str(folder))}")
        for number, path in found:
            inside = shlex.quote(str(path))
            lines += [f"mkdir -p {inside}", f"mount --bind /mnt/{number} {inside}"]
    return lines
