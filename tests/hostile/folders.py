"""Folders and files that are not as they should be."""

import os

from classroom import ASSIGNMENT, NOTEBOOK, answer, hand_in, released, solve

from hostile.case import NOT_GRADABLE, RIGHT_ADD, case


@case(says="handed in as")
def renamed(course, student):
    hand_in(course, student, solve(course), "work (1) final.ipynb")


@case(NOT_GRADABLE, "no notebook")
def only_a_script(course, student):
    hand_in(course, student, "print(1)", "work.py")


@case(NOT_GRADABLE, "no notebook")
def empty_folder(course, student):
    (course / "submitted" / student / ASSIGNMENT).mkdir(parents=True)


@case(NOT_GRADABLE, "is a link")
def notebook_is_a_link(course, student):
    folder = hand_in(course, student, "x", "other.txt")
    other = hand_in(course, "honest", solve(course)) / f"{NOTEBOOK}.ipynb"
    (folder / f"{NOTEBOOK}.ipynb").symlink_to(other)


@case(NOT_GRADABLE, "is a link")
def folder_is_a_link(course, student):
    (course / "submitted" / student).mkdir(parents=True)
    target = hand_in(course, "honest", solve(course))
    (course / "submitted" / student / ASSIGNMENT).symlink_to(target)


@case(says="'data' is a link")
def extra_link(course, student):
    tries = "# read\nimport os\nif os.path.exists('data'): print('ESCAPED')\n" + RIGHT_ADD
    folder = hand_in(course, student, solve(course, answer(add=tries)))
    (folder / "data").symlink_to(course / "gradebook.db")


@case(says="not a plain file")
def a_pipe(course, student):
    os.mkfifo(hand_in(course, student, solve(course)) / "pipe")


@case(NOT_GRADABLE, "no notebook")
def notebook_is_a_folder(course, student):
    (course / "submitted" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb").mkdir(parents=True)


@case(clean=True)
def extra_files(course, student):
    folder = hand_in(course, student, solve(course))
    (folder / "notes").mkdir()
    for number in range(50):
        (folder / "notes" / f"{number}.txt").write_text("x")


@case(says="too large")
def too_many_files(course, student):
    folder = hand_in(course, student, solve(course))
    for number in range(2100):
        (folder / f"z{number}").touch()


@case(clean=True)
def shadowing_files(course, student):
    folder = hand_in(course, student, solve(course))
    for name in ("torch", "numpy", "math", "sitecustomize", "IPython"):
        (folder / f"{name}.py").write_text("raise SystemExit('shadowed')")


@case(says="not graded: 'scratch.ipynb'")
def two_notebooks(course, student):
    hand_in(course, student, "{broken", "scratch.ipynb")
    hand_in(course, student, solve(course))


@case(says="whether it is late is not known")
def odd_timestamp(course, student):
    (hand_in(course, student, solve(course)) / "timestamp.txt").write_text("soon " * 100)


@case(clean=True, id="Zoë O'Hara [x] {2} %s")
def odd_name(course, student):
    hand_in(course, student, solve(course))


@case(clean=True, test_add=0, test_mean=0, test_part=0, test_close=0, test_value=0)
def untouched_release(course, student):
    hand_in(course, student, released(course))
