"""Set up `.venv` with the pinned requirements and this package. Safe to repeat, quick when done.

Started by `make` with any Python 3; needs nothing but pip and venv. Written so that even an old
Python can run it far enough to say that it is too old.
"""

import functools
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.environ.get("COURSE_VENV") or os.path.join(ROOT, ".venv")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
NEWEST_TESTED, OLDEST = (3, 13), (3, 11)
SPACE_NEEDED = 8e9  # bytes: the packages, and copies while they are unpacked
SHOWN = ("Collecting", "Downloading", "Installing", "Resolved", "Prepared", "Installed", "Bytecode")


def stop(message):
    """End with a message that says what failed and what to do."""
    sys.stderr.write("\nSet-up stopped: " + message + "\n")
    sys.exit(1)


def check_python():
    if sys.version_info[:2] >= OLDEST:
        return
    found = [v for v in ("3.13", "3.12", "3.11") if shutil.which("python" + v)]
    hint = "Install Python 3.11 or later from python.org or your system's packages."
    if found:
        hint = "python{0} is here: add PYTHON=python{0} to the make command.".format(found[0])
    stop(
        "this is Python {}.{}; the course needs 3.11 or later.\n{}".format(
            *sys.version_info[:2], hint
        )
    )


def fingerprint():
    """Changes when the requirements, the package's own file, or the Python do."""
    digest = hashlib.sha256(f"{sys.version} {VENV}".encode())
    for name in ("requirements.txt", "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def python_in_venv():
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(VENV, folder, name)


def version_in_venv():
    """The minor version of the Python in .venv, or None where there is none that starts."""
    try:
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        return subprocess.check_output([python_in_venv(), "-c", code]).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def make_venv():
    mine = "{}.{}".format(*sys.version_info[:2])
    if version_in_venv() == mine:
        return
    if os.path.exists(VENV):
        print(f"Replacing .venv, which is not a working Python {mine}.")
        shutil.rmtree(VENV)
    print(f"Creating .venv with Python {mine} ...", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        said = (made.stdout + made.stderr).strip()
        if "ensurepip" in said:
            said += "\nOn Debian and Ubuntu: sudo apt install python3-venv"
        stop("the virtual environment could not be created.\n" + explain(said))


def check_space():
    free = shutil.disk_usage(ROOT).free
    if free < SPACE_NEEDED:
        stop(
            f"{free / 1e9:.1f} GB are free on this disk; set-up needs about {SPACE_NEEDED / 1e9:.0f} GB "
            "(2 GB with TORCH=cpu).\nFree some, then run the same command "
            "again."
        )


def explain(said):
    """The last lines of what a failed command said, and the likely cause in words."""
    tail = "\n".join(said.strip().splitlines()[-4:])
    lower = said.lower()
    network = (
        "name resolution",
        "name or service",
        "newconnectionerror",
        "max retries",
        "timed out",
    )
    if "no space left" in lower or "errno 28" in lower:
        cause = "The disk is full. Free about 8 GB (pip cache purge helps)."
    elif any(sign in lower for sign in network):
        cause = "The package registry cannot be reached. Is there a network, or a proxy to set?"
    elif "permission denied" in lower or "read-only file system" in lower:
        cause = "This folder cannot be written. Clone the course into a folder of your own."
    elif "no matching distribution" in lower:
        cause = (
            "The registry has no fitting file for Python {}.{} on this system; tested are "
            "{}.{} to {}.{}, 64-bit.".format(*sys.version_info[:2], *OLDEST, *NEWEST_TESTED)
        )
    else:
        cause = "Run the same command again; what was downloaded is kept."
    return tail + "\n\n" + cause


def run(command):
    """Run a command, showing what it downloads and installs; its exit status and all it said."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = []
    for line in process.stdout:
        said.append(line)
        if line.strip().startswith(SHOWN):
            print("  " + line.strip()[:100], flush=True)
    return process.wait(), "".join(said)


@functools.lru_cache(None)
def uv():
    """The command of uv, a fast installer, put into .venv for this; None where it cannot run."""
    with open(os.path.join(ROOT, "requirements.txt")) as file:
        pinned = [line.strip() for line in file if line.startswith("uv==")]
    if not pinned or run([*pip(), "install", "--quiet", *pinned])[0] != 0:
        return None
    program = os.path.join(os.path.dirname(python_in_venv()), "uv")
    return [program, "pip"] if run([program, "--version"])[0] == 0 else None


def pip():
    return [python_in_venv(), "-m", "pip", "--disable-pip-version-check"]


def install(*arguments):
    """Install into .venv with uv, or with pip where uv cannot; on failure, say why and stop."""
    fast = uv()
    if fast:
        # compiled now, as pip does: a sandbox and a hub's students cannot write there, and would
        # compile PyTorch each time that they import it
        here = ["--python", python_in_venv(), "--compile-bytecode"]
        status, said = run([*fast, "install", *here, *arguments])
        if status == 0:
            return
        print("  uv could not install them; pip tries now ...", flush=True)
    status, said = run([*pip(), "install", *arguments])
    if status != 0:
        stop("pip could not install the packages.\n" + explain(said))


def main():
    check_python()
    stamp = os.path.join(VENV, "course-installed")
    wanted = fingerprint()
    if os.path.exists(stamp) and open(stamp).read() == wanted and version_in_venv():
        return
    cpu = os.environ.get("TORCH") == "cpu"
    if not os.path.exists(stamp) and not cpu:
        check_space()
    make_venv()
    if os.path.exists(stamp):
        os.remove(stamp)
    print("Installing the requirements (the first time takes some minutes) ...", flush=True)
    requirements = os.path.join(ROOT, "requirements.txt")
    if cpu:
        with open(requirements) as file:
            pair = [line.strip() for line in file if line.startswith(("torch==", "torchvision=="))]
        install("--index-url", CPU_INDEX, *pair)
    install("-r", requirements)
    install("--no-deps", "-e", ROOT)
    with open(stamp, "w") as file:
        file.write(wanted)
    print("Set-up is complete.", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("interrupted. Run the same command again; what was downloaded is kept.")
    except OSError as error:
        stop(explain(str(error)))
