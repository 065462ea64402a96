"""Hand in for made-up students: python benchmarks/synthetic_class.py ASSIGNMENT STUDENTS [COURSE]

Each has the instructor's answers but for some that are left as released, and a number below what a
person marks. Needs the assignment's source/ and release/ folders; writes submitted/student-000/ASSIGNMENT and so on.
"""

import copy
import json
import sys
from pathlib import Path


def hand_in(course: Path, assignment: str, students: int, first: int = 0) -> None:
    """Write submissions from number ``first`` on. Answers are left out by a rule without chance."""
    name = f"{assignment}.ipynb"
    source, released = (
        json.loads((course / step / assignment / name).read_text("utf-8"))
        for step in ("source", "release")
    )
    right = {grade_id(cell): cell["source"] for cell in source["cells"]}
    for number in range(first, students):
        mine = copy.deepcopy(released)
        answers = [cell for cell in mine["cells"] if flags(cell).get("solution")]
        for place, cell in enumerate(answers):
            if (7 * place + 5 * number) % 11 >= number % 4:
                cell["source"] = right[grade_id(cell)]
            if flags(cell).get("grade"):  # a person marks equal answers once
                cell["source"] = [*cell["source"], f"\n\n({number})"]
        folder = course / "submitted" / f"student-{number:03}" / assignment
        folder.mkdir(parents=True)
        (folder / name).write_text(json.dumps(mine), "utf-8")


def flags(cell: dict) -> dict:
    return cell["metadata"].get("nbgrader", {})


def grade_id(cell: dict) -> str | None:
    return flags(cell).get("grade_id")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    hand_in(Path((sys.argv[3:] or ["."])[0]), sys.argv[1], int(sys.argv[2]))
