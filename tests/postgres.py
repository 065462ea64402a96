"""A PostgreSQL server of our own on the loopback interface, for tests."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

DRIVER = next((n for n in ("psycopg", "psycopg2") if importlib.util.find_spec(n)), None)


def tool(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


def missing() -> str:
    """What is not installed here, or nothing."""
    if DRIVER is None:
        return "no driver for PostgreSQL (psycopg or psycopg2) is installed"
    return "" if tool("initdb") and tool("postgres") else "no PostgreSQL server is installed"


class Server:
    """Started with `with`; asks for the password where one is given."""

    def __init__(self, password: str = "") -> None:
        if missing():
            pytest.skip(missing())
        # not in pytest's folder: another pytest that begins closes that to all others
        self.temporary = tempfile.TemporaryDirectory(prefix="postgres-")
        self.folder, self.password, self.user = Path(self.temporary.name), password, {}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            os.chown(self.folder, 65534, 65534)
            self.user = {"user": 65534, "group": 65534, "extra_groups": []}
        folder = self.folder
        words = [tool("initdb"), "-D", folder / "data", "--username=bench", "--no-sync"]
        if password:
            (folder / "password").write_text(password)
            words += ["--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
        else:
            words += ["--auth=trust"]
        subprocess.run(words, check=True, capture_output=True, cwd=folder, **self.user)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def url(self, database: str = "postgres", password: bool = True) -> str:
        given = self.password if password and self.password else None
        made = URL.create(f"postgresql+{DRIVER}", "bench", given, "127.0.0.1", self.port, database)
        return made.render_as_string(hide_password=False)

    def create(self, *databases: str) -> None:
        with create_engine(self.url(), isolation_level="AUTOCOMMIT").connect() as connection:
            for name in databases:
                connection.execute(text(f"CREATE DATABASE {name}"))

    def __enter__(self) -> Server:
        words = [tool("postgres"), "-D", self.folder / "data", "-p", str(self.port)]
        words += ["-k", str(self.folder), "-c", "listen_addresses=127.0.0.1"]
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(
                words, stdout=log, stderr=log, cwd=self.folder, **self.user
            )
        for _ in range(300):
            try:
                create_engine(self.url(), poolclass=NullPool).connect().close()
                break
            except OperationalError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGINT)  # at once, whoever is still connected
        self.process.wait(60)
