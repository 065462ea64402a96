"""The course as nbgrader sees it: each setting differs from nbgrader's default for the reason given.

nbgrader reads this file when it is started in the course folder, from its commands and from
JupyterLab alike.
"""

import os
from contextlib import suppress
from pathlib import Path

c = get_config()  # noqa: F821 - provided by the loader of this file

course = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "deep-learning-at-the-bench"
# nbgrader's default is the folder it happens to be started in; JupyterLab may start elsewhere
c.CourseDirectory.root = str(course)
# the text form of an instructor notebook (tools/notebooks.py text) holds the solutions, and nbgrader
# copies every file that lies beside a notebook into the release; a student's own modules travel
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"]
c.CourseDirectory.ignore += ["[a-z][0-9]_*.py"]

# Where assignments are released, submitted and collected. The default, /usr/local/share/..., needs
# an administrator; this folder serves one person, or a class that shares this folder. On a hub
# (deploy/README.md) the environment names the folder that all accounts share, and the database.
exchange = Path(os.environ.get("COURSE_EXCHANGE", course / "exchange"))
c.Exchange.root = str(exchange)
# Formgrader has no buttons to release and collect as long as the folder is not there
with suppress(OSError):  # a course folder that cannot be written can still be read
    exchange.mkdir(exist_ok=True)
if "COURSE_GRADEBOOK" in os.environ:
    c.CourseDirectory.db_url = os.environ["COURSE_GRADEBOOK"]

# The rubric of a hand-graded item stands in the locked cell that asks the question, so that the
# grader reads it beside the answer. nbgrader expects it in a "task" cell, where a blank answer
# would wait to be marked by hand; with a locked question and an answer cell it is 0 by itself.
c.ClearMarkScheme.enforce_metadata = False

# Seconds that one cell may take, in grading and in validation (nbgrader's default is 30): an
# endless loop ends there and the cells after it still run. The slowest right answer takes some 3 s
# of one quiet core, but a shared machine may be several times slower.
c.Execute.timeout = 90

# Students' code runs in a sandbox, from the command line and from the formgrader's button alike,
# and tests in another process than the answers (grading/README.md). What the cells of tests import
# is imported once, before the first submission; here stands what answers import, and what is
# imported late.
from grading.config import guard  # noqa: E402

guard(c)
c.Limits.preload = ["matplotlib.pyplot", "numpy", "torch", "torch.optim", "torch._dynamo"]
c.Limits.preload += ["sklearn.datasets", "torchvision.models.resnet"]
c.Limits.preload += ["helpers.data", "helpers.diagnostics", "helpers.plots"]
c.Limits.shared = ["helpers", "checks.watch"]
