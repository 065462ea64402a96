"""tools/install.py, behind `make lab` and `make test`: what it says when something is wrong."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import install  # noqa: E402


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """The files that set-up reads, in a folder of their own, with nothing to install."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "install.py", tmp_path / "tools")
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n'
        '[project]\nname = "x"\nversion = "0"\n'
    )
    # a build backend of a few lines, so that `pip install -e .` needs no network
    (tmp_path / "b.py").write_text(
        "import zipfile\n"
        "def build_editable(d, config_settings=None, metadata_directory=None):\n"
        "    z = zipfile.ZipFile(d + '/x-0-py3-none-any.whl', 'w')\n"
        "    z.writestr('x-0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: x\\nVersion: 0\\n')\n"
        "    z.writestr('x-0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: b\\n'\n"
        "               'Root-Is-Purelib: true\\nTag: py3-none-any\\n')\n"
        "    z.writestr('x-0.dist-info/RECORD', '')\n"
        "    z.close()\n"
        "    return 'x-0-py3-none-any.whl'\n"
    )
    monkeypatch.delenv("COURSE_VENV", raising=False)
    return tmp_path


def run(clone, **environment):
    import os

    return subprocess.run(
        [sys.executable, str(clone / "tools" / "install.py")],
        env={**os.environ, "PIP_NO_INDEX": "1", "TORCH": "", **environment},
        capture_output=True,
        text=True,
    )


def test_set_up_from_nothing_does_nothing_again_and_says_what_cannot_be_had(clone):
    first = run(clone)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Set-up is complete" in first.stdout
    again = run(clone)
    assert again.returncode == 0 and again.stdout == again.stderr == ""
    (clone / "requirements.txt").write_text("# changed\n")
    assert "Set-up is complete" in run(clone).stdout
    (clone / "requirements.txt").write_text("no-such-package-anywhere==1\n")
    result = run(clone)
    assert result.returncode == 1
    assert "Set-up stopped: pip could not install" in result.stderr
    assert "no fitting file" in result.stderr and "Traceback" not in result.stderr
    assert not (clone / ".venv" / "course-installed").exists(), "a failed set-up counts as done"
    (clone / "requirements.txt").write_text("")
    assert run(clone).returncode == 0, "a failed set-up must be mendable by repeating it"


def test_broken_venv_is_replaced(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").write_text("not a program")
    result = run(clone)
    assert result.returncode == 0 and "Replacing .venv" in result.stdout


@pytest.mark.parametrize("broken", ["missing", "fails", ""])
def test_pip_installs_where_uv_cannot(monkeypatch, broken):
    commands = []

    def run(command):
        commands.append(command)
        name = Path(command[0]).name
        fails = {"missing": "--quiet" in command, "fails": name == "uv" and "install" in command}
        return int(fails.get(broken, False)), ""

    monkeypatch.setattr(install, "run", run)
    install.uv.cache_clear()
    install.install("-r", "requirements.txt")
    install.uv.cache_clear()
    last = commands[-1]
    assert last[-3:] == ["install", "-r", "requirements.txt"] or broken == ""
    assert (Path(last[0]).name == "uv") == ("--compile-bytecode" in last) == (broken == "")


@pytest.mark.parametrize(
    "said, cause",
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        (
            "NewConnectionError: Failed to establish: Temporary failure in name resolution",
            "cannot be reached",
        ),
        ("OSError: [Errno 13] Permission denied: '.venv'", "folder of your own"),
        ("ERROR: No matching distribution found for torch==2.15.0", "no fitting file"),
        ("something nobody foresaw", "Run the same command again"),
    ],
)
def test_causes_are_named(said, cause):
    assert cause in install.explain(said)


def test_old_python_is_told_so(monkeypatch, capsys):
    monkeypatch.setattr(install.sys, "version_info", (3, 9, 0))
    with pytest.raises(SystemExit):
        install.check_python()
    assert "this is Python 3.9; the course needs 3.11 or later" in capsys.readouterr().err


def test_full_disk_is_told_before_anything_is_installed(monkeypatch, capsys):
    monkeypatch.setattr(
        install.shutil, "disk_usage", lambda _p: shutil._ntuple_diskusage(9e9, 8e9, 1e9)
    )
    with pytest.raises(SystemExit):
        install.check_space()
    assert "1.0 GB are free" in capsys.readouterr().err


def test_requirements_pin_what_pyproject_asks_for():
    """Every direct dependency is pinned, to one version."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = project["dependencies"] + sum(project["optional-dependencies"].values(), [])
    names = {requirement.split(">")[0].split("[")[0].strip().lower() for requirement in asked}
    lines = (ROOT / "requirements.txt").read_text().lower().splitlines()
    pinned = {line.split("==")[0] for line in lines if "==" in line}
    assert names <= pinned
    assert len(pinned) == len([line for line in lines if line and not line.startswith("#")])


def test_pinned_packages_take_every_release_of_the_oldest_python():
    """Debian 12 has 3.11.2; a package of the set once wanted 3.11.5."""
    from importlib.metadata import distributions

    from packaging.specifiers import SpecifierSet

    wanted = {d.name: d.metadata.get("Requires-Python", "") for d in distributions()}
    assert [
        name for name, versions in wanted.items() if "3.11.0" not in SpecifierSet(versions)
    ] == []
