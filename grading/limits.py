"""What one submission may use, as ``nbgrader_config.py`` sets it."""

from traitlets import Bool, Float, Integer, List, Unicode
from traitlets.config import Configurable

MB = 1 << 20


class Limits(Configurable):
    """What one submission may use, and what the sandbox shows it. Set as ``c.Limits.name``."""

    submission_seconds = Float(900, help="Time for all cells of one notebook.").tag(config=True)
    start_seconds = Float(120, help="Time for the sandbox to import the preloads.").tag(config=True)
    memory_mb = Integer(4096, help="Memory beyond the warm process.").tag(config=True)
    processes = Integer(64, help="Processes alive at a time.").tag(config=True)
    file_mb = Integer(256, help="Size of one file.").tag(config=True)
    disk_mb = Integer(1024, help="All files it writes together.").tag(config=True)
    output_mb = Integer(8, help="Output of one notebook.").tag(config=True)
    notebook_mb = Integer(256, help="Size of a submitted notebook.").tag(config=True)
    kernel_restarts = Integer(2, help="Fresh kernels after a kernel died.").tag(config=True)
    preload = List(
        Unicode(),
        ["numpy", "matplotlib", "matplotlib.pyplot", "torch", "torch.optim", "torch._dynamo"],
        help="Modules imported once for all kernels; those not installed are skipped.",
    ).tag(config=True)
    shared = List(
        Unicode(),
        [],
        help="The course's packages whose classes of modules answers and tests both know.",
    ).tag(config=True)
    together = Bool(
        False,
        help="True: tests run in the process of the answers, as nbgrader does, and can be reached.",
    ).tag(config=True)
    read_only = List(
        Unicode(), [], help="Files and folders that submissions may read (data sets)."
    ).tag(config=True)
    environment = List(
        Unicode(), ["COURSE_DATA"], help="Environment variables passed on to submissions."
    ).tag(config=True)
    isolation = Bool(True, help="False: run as the instructor, with no protection.").tag(
        config=True
    )
