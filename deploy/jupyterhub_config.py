"""A hub for a class on one machine, where each student has an account: see deploy/README.md.

    COURSE_INSTRUCTORS="ines" HUB_DATABASE=postgresql+psycopg://hub@localhost/hub \\
    COURSE_GRADEBOOK=postgresql+psycopg://bench@localhost/gradebook \\
    .venv/bin/python -m jupyterhub -f deploy/jupyterhub_config.py

What a site adds (its authenticator, TLS, limits) stands in a file of its own that loads this one.
"""

import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - given by JupyterHub

ROOT = Path(__file__).resolve().parents[1]
INSTRUCTORS = set(os.environ["COURSE_INSTRUCTORS"].split())
LAB = [str(ROOT / "deploy"), str(ROOT / "tools" / "lab")]


def settings(spawner) -> str:
    """Where JupyterLab and nbgrader look: an instructor's course folder is not in a student's list."""
    if spawner.user.name in INSTRUCTORS:
        return os.pathsep.join([os.path.expanduser(f"~{spawner.user.name}/course"), *LAB])
    return os.pathsep.join([str(ROOT / "tools" / "lab" / "student"), *LAB])


def before_start(spawner) -> None:
    """An instructor's server opens the course, and only it is told where the gradebook is."""
    if spawner.user.name in INSTRUCTORS:
        spawner.notebook_dir = "~/course"
        spawner.environment["COURSE_GRADEBOOK"] = os.environ["COURSE_GRADEBOOK"]


c.JupyterHub.logo_file = str(ROOT / "deploy" / "logo.svg")  # its own can hardly be read in the dark
c.JupyterHub.db_url = os.environ["HUB_DATABASE"]
c.Authenticator.allow_all = True  # PAM: who has an account on this machine
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # many students begin in the same minute
c.Spawner.pre_spawn_hook = before_start
c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": settings,
    "COURSE_EXCHANGE": os.environ.get("COURSE_EXCHANGE", "/srv/nbgrader/exchange"),
    # `jupyter`, `nbgrader` and `python` of this installation, for students' terminals and `validate`
    "PATH": f"{sys.prefix}/bin{os.pathsep}{os.environ['PATH']}",
    # a student's cells do not take every core of a machine that a class shares
    "OMP_NUM_THREADS": "1",
}
