"""What the notebooks of Deep Learning at the Bench import: data, models, training, instruments.

Nothing is imported here, so that `helpers.device` can report a missing package, and
importing one module costs only what that module needs.
"""

import os
import sys

if "torch" not in sys.modules:  # read once, when torch is loaded
    # threads that wait by spinning make a small net tens of times slower on a busy machine
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
