"""Fast, isolated, restartable autograding for nbgrader: ``python -m grading --help``.

nbgrader stays the system of record (its folders, gradebook, formgrader and feedback). This package
adds a sandbox with warm kernels, a guarded Execute preprocessor, and a driver that grades a class
on several workers. It imports neither torch nor the course's own packages.
"""

import sys

# nbformat needs jsonschema, which compiles a grammar of internationalised addresses when it can:
# half of what starting costs, for a check that no notebook asks for
if "jsonschema" not in sys.modules and "rfc3987_syntax" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules["rfc3987_syntax"]
