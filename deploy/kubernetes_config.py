"""A hub on Kubernetes: a user number for each student, an instructor's course and gradebook. See hub.yaml."""

import os

c = get_config()  # noqa: F821 - given by JupyterHub

INSTRUCTORS = set(os.environ["COURSE_INSTRUCTORS"].split())
FIRST, LAST = 20000, 29999  # the accounts that the image has
LAB = ["/opt/course/deploy", "/opt/course/tools/lab"]


def before_start(spawner) -> None:
    """With one number for all, as is the default, each student could change all work in the exchange."""
    spawner.uid = spawner.gid = FIRST + spawner.user.id
    if spawner.uid > LAST:
        raise RuntimeError(f"the image has no account {spawner.uid}: Dockerfile makes them")
    student = spawner.user.name not in INSTRUCTORS
    first = "/opt/course/tools/lab/student" if student else "/home/jovyan/course"
    spawner.environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join([first, *LAB])
    if not student:
        spawner.notebook_dir = "/home/jovyan/course"
        spawner.environment["COURSE_GRADEBOOK"] = os.environ["COURSE_GRADEBOOK"]


c.KubeSpawner.pre_spawn_hook = before_start
