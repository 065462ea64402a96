"""A messy class: what was handed in is taken, or reported with what to do. Nothing is lost."""

import json
import os
import unicodedata
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from grading import cells, inbox, outcomes
from grading.limits import Limits
from grading.notebook import Unreadable
from grading.staging import Staging
from grading.submission import look

OTHERS = {
    "a1_training": ["choice", "clip", "a", "b", "c"],
    "a2_cnn": ["choice", "clip", "x", "y", "z"],
}
OURS = OTHERS["a2_cnn"]
NAME = "a2_cnn"
NFD = unicodedata.normalize("NFD", "Zoë")


def work(names=OURS, **more) -> str:
    made = [
        {
            "cell_type": "code",
            "source": f"{name} = 1",
            "metadata": {"nbgrader": {"grade_id": name, "locked": False}},
        }
        for name in names
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made, **more})


@pytest.fixture
def plan(tmp_path):
    for assignment, names in OTHERS.items():
        folder = tmp_path / "source" / assignment
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_text(work(names))
    definition = [cells.Cell(n, "code", f"{n} = 1", "", False, 1.0, True, False) for n in OURS]
    return SimpleNamespace(
        assignment=NAME, notebooks={NAME: definition}, source=tmp_path / "source"
    )


def put(root, files: dict[str, str | bytes | None]) -> None:
    for name, text in files.items():
        path = os.path.join(root, name)
        os.makedirs(path if text is None else os.path.dirname(path), exist_ok=True)
        if text is not None:
            with open(path, "wb") as file:
                file.write(text if isinstance(text, bytes) else text.encode())


def taken(tmp_path, plan, files: dict) -> tuple[str, str, set[str]]:
    """State, all that is said, and the files that travel, of one submission."""
    put(tmp_path / "in", files)
    found = look(tmp_path / "in", Limits())
    try:
        parts = Staging(found, plan, Limits(), tmp_path / "own").stage()
    except Unreadable as error:
        return outcomes.NOT_GRADABLE, str(error), set()
    detail = outcomes.together(parts)
    own = tmp_path / "own"
    there = {str(path.relative_to(own)) for path in own.rglob("*") if path.is_file()}
    return detail["state"], "; ".join(detail["reasons"] + detail["notes"] + found.notes), there


GOOD = outcomes.GRADED
BAD = outcomes.NOT_GRADABLE
OTHER = work(OTHERS["a1_training"])
PICTURE = {"\ud83d.png": {"image/png": "eA=="}}
HALF_A_NAME = json.dumps({"cell_type": "markdown", "source": "", "attachments": PICTURE})
TEXT = f"![](data:image/png;base64,{'A' * 2**21})"  # as Colab pastes a picture
PASTED = json.dumps({"cell_type": "markdown", "source": TEXT})
FOLDERS = {
    "plain": ({f"{NAME}.ipynb": work()}, GOOD, ""),
    "another assignment": ({f"{NAME}.ipynb": OTHER}, BAD, "this is a1_training"),
    "another, renamed": ({"hw.ipynb": OTHER}, BAD, "this is a1_training"),
    "another and this": (
        {f"{NAME}.ipynb": OTHER, "b.ipynb": work()},
        GOOD,
        "handed in as 'b.ipynb'",
    ),
    "one cell left": ({f"{NAME}.ipynb": work(["choice"])}, GOOD, ""),
    "both in one": ({f"{NAME}.ipynb": work([*OURS, "a", "b", "c"])}, GOOD, ""),
    "nobody's": ({f"{NAME}.ipynb": work(["q", "r"])}, BAD, "belongs to another assignment"),
    "json": ({f"{NAME}.ipynb.json": work()}, GOOD, f"handed in as '{NAME}.ipynb.json'"),
    "txt": ({f"{NAME}.ipynb.txt": work()}, GOOD, f"handed in as '{NAME}.ipynb.txt'"),
    "capitals": ({f"{NAME.upper()}.IPYNB": work()}, GOOD, "handed in as 'A2_CNN.IPYNB'"),
    "browser": ({f"{NAME} (1).ipynb": work()}, GOOD, f"handed in as '{NAME} (1).ipynb'"),
    "downloads": (
        {f"{NAME} (9).ipynb": work(), f"{NAME} (10).ipynb": work()},
        GOOD,
        f"handed in as '{NAME} (10).ipynb'; other notebooks were handed in and not graded: '{NAME} (9)",
    ),
    "several": (
        {f"{NAME}.ipynb": work(), "scratch.ipynb": "{"},
        GOOD,
        "not graded: 'scratch.ipynb'",
    ),
    "broken and whole": ({f"{NAME}.ipynb": "{", "copy.ipynb": work()}, GOOD, "not JSON"),
    "nested": (
        {f"{NAME}/{NAME}.ipynb": work(), f"{NAME}/tools.py": "x = 1"},
        GOOD,
        f"handed in as '{NAME}/{NAME}.ipynb'",
    ),
    "twice nested": ({f"a/b/c/{NAME}.ipynb": work()}, GOOD, "handed in as"),
    "checkpoints": ({f".ipynb_checkpoints/{NAME}-checkpoint.ipynb": work()}, BAD, "no notebook"),
    "mac": ({f"__MACOSX/._{NAME}.ipynb": b"\0\5\26\7"}, BAD, "no notebook"),
    "zip": ({"hw.zip": b"PK"}, BAD, "unpack 'hw.zip'"),
    "pdf": ({"hw.pdf": b"%PDF"}, BAD, "there is 'hw.pdf'"),
    "empty": ({"timestamp.txt": "2026-01-01 12:00:00"}, BAD, "the folder is empty"),
    "empty file": ({f"{NAME}.ipynb": ""}, BAD, "the file is empty"),
    "web page": ({f"{NAME}.ipynb": "\n<!DOCTYPE html>"}, BAD, "a web page, not a notebook"),
    "packed": ({f"{NAME}.ipynb": b"PK\3\4\xff"}, BAD, "a zip archive, to be unpacked"),
    "pointer": ({f"{NAME}.ipynb": "version https://git-lfs.github.com/x"}, BAD, "of Git LFS"),
    "unmerged": (
        {f"{NAME}.ipynb": work().replace("{", "{\n<<<<<<< HEAD\n=======\n>>>>>>> x\n", 1)},
        BAD,
        "left unmerged (line 2)",
    ),
    "cut off": ({f"{NAME}.ipynb": work()[:90]}, BAD, "not JSON (Unterminated"),
    "UTF-16": ({f"{NAME}.ipynb": work().encode("utf-16")}, GOOD, ""),
    "half a character": (
        {f"{NAME}.ipynb": work().replace('"cells": [', f'"cells": [{HALF_A_NAME}, ')},
        GOOD,
        "",
    ),
    "pasted": (
        {f"{NAME}.ipynb": work().replace('"cells": [', f'"cells": [{PASTED}, ')},
        GOOD,
        "",
    ),
    "long path": (
        {f"{NAME}.ipynb": work(), "/".join(["d" * 250] * 10) + "/x": ""},
        GOOD,
        "too large or too deep; some files",
    ),
    "no date": (
        {f"{NAME}.ipynb": work(), "timestamp.txt": "yesterday"},
        GOOD,
        "whether it is late is not known",
    ),
    "a folder": ({f"{NAME}.ipynb": work(), "timestamp.txt/a": ""}, GOOD, "is late is not known"),
    "own module": ({f"{NAME}.ipynb": work(), "tools.py": "x = 1"}, GOOD, ""),
    "old and new": (
        {f"{NAME}.ipynb": work(), f"old/{NAME}.ipynb": work()},
        GOOD,
        "'old/a2_cnn.ipynb'",
    ),
    "file and folder": ({"in/a2_cnn.ipynb": work(), "in/t": "1", "t/u": "2"}, GOOD, "handed in as"),
    "deep": ({f"{NAME}.ipynb": "[" * 10**5}, BAD, "nested too deeply"),
    "deep metadata": ({f"{NAME}.ipynb": work(metadata=[[[[1]]]])}, GOOD, ""),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder(name, tmp_path, plan):
    files, state, said = FOLDERS[name]
    found, words, there = taken(tmp_path, plan, files)
    assert (found, said in words) == (state, True), words
    assert bool(words) == bool(said), words  # nothing is said where nothing is odd
    if state == GOOD:
        assert f"{NAME}.ipynb" in there
        nb = nbformat.read(tmp_path / "own" / f"{NAME}.ipynb", as_version=4)
        assert nbformat.writes(nb).encode("utf-8")  # as nbgrader will
    if name in ("own module", "nested"):
        assert "tools.py" in there


# path below submitted/ -> what is said of it ("": understood), and of which path
MESS = {
    f"plain/{NAME}/{NAME}.ipynb": "",
    "other/a1_training/a1_training.ipynb": "",
    "case/A2_CNN/a2_cnn.ipynb": "rename it to 'a2_cnn'",
    "hyphen/a2-cnn/a2_cnn.ipynb": "rename it to 'a2_cnn'",
    "blank/a2_cnn /a2_cnn.ipynb": "rename it to 'a2_cnn'",
    "loose/a2_cnn.ipynb": "a notebook; it belongs in submitted/loose/<assignment>/",
    "deep/deep/a2_cnn/a2_cnn.ipynb": "lies too deep: move it to submitted/deep/a2_cnn/",
    "zipped/a2_cnn.zip": "unpack it",
    "word/answer.docx": "a file that nothing reads",
    "unknown/a9_none/work.ipynb": "move the notebook to submitted/unknown/<assignment>/",
    "extra/notes/a.txt": "no assignment is called so",
    "nobody": "the folder is empty",
    "download.zip": "zip_collect",
    "somebody.ipynb": "a notebook; it belongs in submitted/<student>/a2_cnn/",
    "readme.md": "a file that nothing reads",
    "a2_cnn/plain/a2_cnn.ipynb": "called like an assignment",
    "A2-CNN/plain/a2_cnn.ipynb": "called like an assignment",
    "a2_cnn.html/a2_cnn/a2_cnn.ipynb": "called like the page of the class",
    ".hidden/a2_cnn/a2_cnn.ipynb": "a hidden folder",
    ".DS_Store": "",
    "plain/.DS_Store": "",
    f"{NFD}/{NAME}/{NAME}.ipynb": "two Unicode forms",
    f"Zoë/{NAME}/{NAME}.ipynb": "",
    f"Plain/{NAME}/{NAME}.ipynb": "is this 'plain'?",
    f"Ana  Bo/{NAME}/{NAME}.ipynb": "",
    f"Ana Bo/{NAME}/{NAME}.ipynb": "is this 'Ana  Bo'?",
    f"x, y =z/{NAME}/{NAME}.ipynb": "",
    f"two\nlines/{NAME}/{NAME}.ipynb": "no id can have several lines",
    "odd name/a2_cnn.ipynb.txt": "a notebook; it belongs",
    "link/a9/x": "no assignment is called so",
    f"{'n' * 241}/{NAME}/{NAME}.ipynb": "too long",
}


def read(root, known=("a1_training", NAME), students=("plain", "missing")):
    return inbox.Reader(root / "submitted", NAME, set(known), set(students)).read()


def test_a_messy_class(tmp_path):
    put(tmp_path / "submitted", {n: None if n == "nobody" else work() for n in MESS})
    put(os.fsencode(tmp_path / "submitted").decode(), {"caf\udce9/a2_cnn/a2_cnn.ipynb": work()})
    os.mkdir(tmp_path / "submitted" / "gone")
    os.symlink("nowhere", tmp_path / "submitted" / "gone" / NAME)  # the reader of its files says so
    os.symlink("plain", tmp_path / "submitted" / "alias")
    for folder in (NFD, "Zoë"):
        os.utime(
            tmp_path / "submitted" / folder / NAME / f"{NAME}.ipynb", (len(folder) % 2 * 9e8,) * 2
        )
    box = read(tmp_path)
    for path, said in MESS.items():
        lines = [
            line for at, line in box.strange.items() if f"submitted/{path}/".startswith(f"{at}/")
        ]
        assert bool(lines) == bool(said) and all(said in line for line in lines), (path, lines)
    assert any("caf\\xe9" in at and "not UTF-8" in line for at, line in box.strange.items())
    assert box.strange.pop("submitted/alias").startswith("a link")
    expected = {"plain", "Zoë", "Plain", "Ana  Bo", "Ana Bo", "x, y =z", "gone"}
    assert set(box.folders) == expected and len(box.strange) == 1 + sum(map(bool, MESS.values()))
    assert any("too deep" in line for line in box.of("deep"))


def test_the_newer_of_two_forms_of_a_name_counts_and_the_gradebook_knows_the_id(tmp_path):
    for name, when in (("Zoë", 2_000_000_000), (NFD, 1_000_000_000)):
        put(tmp_path / "submitted", {f"{name}/{NAME}/{NAME}.ipynb": work()})
        os.utime(tmp_path / "submitted" / name / NAME / f"{NAME}.ipynb", (when, when))
    box = read(tmp_path, students=(NFD,))
    assert {id: path.parent.name for id, path in box.folders.items()} == {NFD: "Zoë"}


@pytest.mark.parametrize("which", ["submitted", "one", f"one/{NAME}"])
def test_a_folder_that_cannot_be_read_is_an_error(tmp_path, monkeypatch, which):
    put(tmp_path / "submitted", {f"one/{NAME}/x.ipynb": work(), f"two/{NAME}/x.ipynb": work()})
    shut = tmp_path / "submitted" / ("" if which == "submitted" else which)

    def refuse(real):
        def opened(path="."):
            if os.fspath(path) == str(shut):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path)

        return opened

    monkeypatch.setattr(os, "scandir", refuse(os.scandir))
    monkeypatch.setattr(os, "listdir", refuse(os.listdir))
    if which == "submitted":
        with pytest.raises(PermissionError):
            read(tmp_path)
        return
    box = read(tmp_path)
    assert "Permission denied" in box.unreadable["one"] and "two" in box.folders
    assert any("cannot be read" in line for line in box.lines())


def test_pictures_are_mended():
    from grading.notebook import mend_pictures

    known = {"a.png": {"image/png": "x"}, "ä b.png": {"image/png": "y"}}
    text = (
        "![](attachment:a.png) ![](attachment:%C3%A4%20b.png) ![](attachment:none) attachment&#58;x"
    )
    cell = NotebookNode(cell_type="markdown", source=text, attachments=known, metadata={})
    mend_pictures(cell)
    assert "attachment:a.png" in cell.source or "missing-picture" in cell.source
    cell.source = text.partition(" attachment&")[0]
    mend_pictures(cell)
    assert "(attachment:a.png)" in cell.source and "(missing-picture:none)" in cell.source
    name = cell.source.partition("attachment:picture-")[2].partition(")")[0]
    assert cell.attachments[f"picture-{name}"] == {"image/png": "y"}


def test_a_picture_in_a_students_text_becomes_an_attachment():
    from grading.notebook import mend_pictures

    for locked in (False, True):
        metadata = NotebookNode(nbgrader=NotebookNode(locked=locked))
        cell = NotebookNode(cell_type="markdown", source=f"a {TEXT} b", metadata=metadata)
        mend_pictures(cell)
        if locked:
            assert cell.source == f"a {TEXT} b"
        else:
            assert cell.source == "a ![](attachment:in-text-0) b"
            assert cell.attachments == {"in-text-0": {"image/png": "A" * 2**21}}
