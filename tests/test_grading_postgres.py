"""The gradebook in PostgreSQL, where a server and a driver are installed."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import classroom
import pytest
from classroom import answer, hand_in, solve
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from test_grading import needs_sandbox, run, states


def postgres_tool(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


@pytest.fixture
def postgres(tmp_path):
    """A PostgreSQL server of our own on the loopback interface; its URL."""
    driver = next((n for n in ("psycopg", "psycopg2") if importlib.util.find_spec(n)), None)
    if driver is None:
        pytest.skip("no driver for PostgreSQL (psycopg or psycopg2) is installed")
    initdb, server = postgres_tool("initdb"), postgres_tool("postgres")
    if not initdb or not server:
        pytest.skip("no PostgreSQL server is installed")
    folder = tmp_path / "postgres"
    folder.mkdir()
    user = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        for parent in [folder, *folder.parents]:
            if parent.stat().st_mode & 0o005 != 0o005:
                if not parent.is_relative_to(tmp_path.parents[1]):
                    pytest.skip(f"{parent} is closed to the user that would run PostgreSQL")
                parent.chmod(parent.stat().st_mode | 0o055)
        os.chown(folder, 65534, 65534)
        user = {"user": 65534, "group": 65534, "extra_groups": []}
    words = [initdb, "-D", folder / "data", "--auth=trust", "--username=bench", "--no-sync"]
    subprocess.run(words, check=True, capture_output=True, cwd=folder, **user)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [server, "-D", folder / "data", "-p", str(port), "-k", str(folder)]
    words += ["-c", "listen_addresses=127.0.0.1"]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder, **user)
    url = f"postgresql+{driver}://bench@127.0.0.1:{port}/postgres"
    try:
        for _ in range(300):
            try:
                create_engine(url, poolclass=NullPool).connect().close()
                break
            except OperationalError:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # at once, whoever is still connected
        process.wait(60)


@needs_sandbox
def test_postgresql(tmp_path, postgres):
    course = classroom.make_course(
        tmp_path / "course", extra=f"c.CourseDirectory.db_url = {postgres!r}", db_url=postgres
    )
    hand_in(course, "right", solve(course))
    hand_in(course, "dies", solve(course, answer(mean="import os; os._exit(3)")))
    hand_in(course, "junk", "{")
    result = run("autograde", course)
    assert result.returncode == 1, result.stderr
    found = states(course)
    assert {name: row["state"] for name, row in found.items()} == {
        "right": "graded",
        "dies": "graded in part",
        "junk": "not gradable",
    }
    assert found["right"]["score"] == 7 and found["dies"]["score"] == 4
    assert "0 done, 3 had been graded before" in run("autograde", course).stdout
    assert not re.search("sqlite", result.stderr)
