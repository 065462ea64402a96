"""`nbgrader zip_collect` on files named as Moodle, Canvas and Blackboard export them."""

import zipfile
from pathlib import Path

import classroom
import commands
import pytest
from classroom import ASSIGNMENT

STAMP = "2026-03-03-14-15-04"
ABOUT = "Name: Ana Example (a_example)\nAssignment: HW_1\nDate Submitted: Tuesday\n"
MOODLE = {
    "Ana Example_123_assignsubmission_file/src/work.ipynb": "ana",
    "Ana Example_123_assignsubmission_file/tools.py": "ana",
    "Ana Example_123_assignsubmission_onlinetext/onlinetext.html": "typed",
    "Bo Sample_124_assignsubmission_file_work.ipynb": "bo",
    "Eva Twin_125_assignsubmission_file_/work.ipynb": "eva 125",
    "Eva Twin_126_assignsubmission_file_/work.ipynb": "eva 126",
    "Participant_127_assignsubmission_file/work.ipynb": "anonymous",
    "Default group_assignsubmission_file/work.ipynb": "group",
}
CANVAS = {
    "exampleana_4321_98765_work.ipynb": "ana",
    "müller_bo_LATE_4322_98766_work-2.ipynb": "bo",
    "anon_aB3x9_98765_work.ipynb": "anonymous",
    "LATE_anon_cD4_98765_work.ipynb": "late",
    "exampleana_4321_text.html": "typed",
    "zwei_4323_98770_work.ipynb": "first",
    "zwei_4323_98771_work-1.ipynb": "second",
}
BLACKBOARD = {
    f"HW 1_bsample_attempt_{STAMP}_my_attempt_work.ipynb": "bo",
    f"HW 1_bsample_attempt_{STAMP}.txt": "Name: Bo Sample (bsample)\n",
    f"HW_1_a_example_attempt_{STAMP}_work.ipynb": "ana",
    f"HW_1_a_example_attempt_{STAMP}.txt": ABOUT,
    "HW_1_a_example_attempt_2026-03-01-14-15-04_old.ipynb": "ana, earlier",
    "HW_1_a_example_attempt_2026-03-01-14-15-04.txt": ABOUT,
}


def collect(course: Path, files: dict[str, str | bytes]) -> tuple[dict[str, str], str]:
    """What `nbgrader zip_collect` puts below submitted/ of a download, and what it said."""
    archive = course / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "CS-101_HW 1_2026.zip", "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    result = commands.run("zip_collect", ASSIGNMENT, nbgrader_in=course)
    assert result.returncode == 0, result.stderr
    below = course / "submitted"
    found = {str(p.relative_to(below)): p for p in below.rglob("*") if p.is_file()}
    return {name: path.read_text("latin-1") for name, path in found.items()}, result.stderr


@pytest.fixture
def course(tmp_path):
    return classroom.make_course(tmp_path / "course")


def test_moodle(course):
    found, said = collect(course, MOODLE)
    assert found == {
        f"Ana Example/{ASSIGNMENT}/src/work.ipynb": "ana",
        f"Ana Example/{ASSIGNMENT}/tools.py": "ana",
        f"Bo Sample/{ASSIGNMENT}/work.ipynb": "bo",
        f"Eva Twin 125/{ASSIGNMENT}/work.ipynb": "eva 125",
        f"Eva Twin 126/{ASSIGNMENT}/work.ipynb": "eva 126",
        f"Participant 127/{ASSIGNMENT}/work.ipynb": "anonymous",
        f"Default group/{ASSIGNMENT}/work.ipynb": "group",
    }
    assert "onlinetext.html" in said  # skipped, and said so


def test_canvas(course):
    found, said = collect(course, CANVAS)
    assert found == {
        f"4321/{ASSIGNMENT}/work.ipynb": "ana",
        f"4322/{ASSIGNMENT}/work.ipynb": "bo",
        f"anon_aB3x9/{ASSIGNMENT}/work.ipynb": "anonymous",
        f"anon_cD4/{ASSIGNMENT}/work.ipynb": "late",
        f"4323/{ASSIGNMENT}/work.ipynb": "first",
        f"4323/{ASSIGNMENT}/work-1.ipynb": "second",
    }
    assert "exampleana_4321_text.html" in said


def test_blackboard(course):
    found, _ = collect(course, BLACKBOARD)
    assert found.pop(f"bsample/{ASSIGNMENT}/timestamp.txt").startswith("2026-03-03 14:15:04")
    assert found.pop(f"a_example/{ASSIGNMENT}/timestamp.txt").startswith("2026-03-03 14:15:04")
    assert found == {
        f"bsample/{ASSIGNMENT}/my_attempt_work.ipynb": "bo",
        f"a_example/{ASSIGNMENT}/work.ipynb": "ana",
    }


def test_an_archive_in_the_download_and_one_that_is_broken(course, tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as file:
        file.writestr("hw/work.ipynb", "packed")
    packed = (tmp_path / "in.zip").read_bytes()
    files = {"ana_4321_1_hw.zip": packed, "bo_4322_2_hw.zip": packed[:40]}
    found, said = collect(course, files | {"cy_4323_3_work.ipynb": "cy"} | _moodle_zip(packed))
    assert found.pop(f"4323/{ASSIGNMENT}/work.ipynb") == "cy"
    assert found.pop(f"4321/{ASSIGNMENT}/hw/work.ipynb") == "packed"
    assert found.pop(f"Ana Example/{ASSIGNMENT}/all/hw/work.ipynb") == "packed"
    assert f"4322/{ASSIGNMENT}/hw.zip" in found  # as it was handed in
    assert "bo_4322_2_hw.zip" in said and "unpack it by hand" in said


def _moodle_zip(packed: bytes) -> dict[str, bytes]:
    return {"Ana Example_9_assignsubmission_file/all.zip": packed}
