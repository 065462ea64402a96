"""What nbgrader needs to know on a hub, for every account: the course's name and where work is exchanged."""

import os

c = get_config()  # noqa: F821 - given by nbgrader
c.CourseDirectory.course_id = "deep-learning-at-the-bench"
c.Exchange.root = os.environ.get("COURSE_EXCHANGE", "/srv/nbgrader/exchange")
# Validate, while a class works on the same machine: the first cell alone may import for minutes
c.Execute.timeout = 300
c.Execute.iopub_timeout = 60
