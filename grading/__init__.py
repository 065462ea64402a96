"""Fast, isolated, restartable autograding for nbgrader: ``python -m grading --help``.

nbgrader stays the system of record (its folders, gradebook, formgrader and feedback). This package
adds a sandbox with warm kernels, a guarded Execute preprocessor, and a driver that grades a class
on several workers. It imports neither torch nor the course's own packages.
"""
