"""How much one submission can hold, with and without a control group.

    python benchmarks/held.py

The limits are 256 MB of memory and 64 MB of files; each way of holding more is tried.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grading.attempts import HOLDERS
from grading.doctor import held
from grading.limits import Limits
from grading.sandbox import Sandbox


def main() -> None:
    limits = Limits(memory_mb=256, disk_mb=64, file_mb=32, processes=16, preload=[])
    boxes = [Sandbox(limits, [], group=group) for group in (True, False)]
    if boxes[0].group is None:
        print("no control group can be made on this machine: both columns are without")
    print(
        "| held, in MB | with a control group | ended by | without | ended by |\n|---|---|---|---|---|"
    )
    for what, body in HOLDERS.items():
        cells = [str(cell) for box in boxes for cell in held(box, body)]
        print(f"| {what} | {' | '.join(cells)} |", flush=True)
    for box in boxes:
        box.close()


if __name__ == "__main__":
    main()
