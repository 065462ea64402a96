"""Notebooks that are broken."""

import json

import nbformat
from classroom import cell, find, hand_in, solve

from hostile.case import (
    LOST,
    NOT_GRADABLE,
    WRONG,
    Callable,
    edited,
    simple,
)


def raw(content: bytes | str) -> Callable:
    return lambda course, student: hand_in(course, student, content)


simple("empty_file", raw(b""), NOT_GRADABLE, "empty")
simple("not_json", raw("this is my homework"), NOT_GRADABLE, "not JSON")
simple("cut_off", lambda c, s: hand_in(c, s, json.dumps(solve(c))[:900]), NOT_GRADABLE, "not JSON")
simple("json_list", raw("[1, 2]"), NOT_GRADABLE, "not a notebook")
simple(
    "not_utf8",
    lambda c, s: hand_in(
        c, s, json.dumps(solve(c, essay="ä"), ensure_ascii=False).encode("latin-1")
    ),
    NOT_GRADABLE,
    "not UTF-8",
)
simple("utf16", lambda c, s: hand_in(c, s, json.dumps(solve(c)).encode("utf-16")), clean=True)
simple("nested", raw("[" * 200_000), NOT_GRADABLE, "nested")
simple(
    "nested_in_cell",
    raw(
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": '
        + "[" * 200_000
        + "]" * 200_000
        + "}"
    ),
    NOT_GRADABLE,
    "nested",
)
simple("huge_number", raw('{"nbformat": ' + "9" * 10_000 + "}"), NOT_GRADABLE, "newer than 4")
simple("too_large", raw(b" " * 3_000_000), NOT_GRADABLE, "larger than")
simple(
    "no_cells",
    raw('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'),
    NOT_GRADABLE,
    "no cells",
)
simple(
    "cells_not_a_list",
    raw('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {}}'),
    NOT_GRADABLE,
    "list of cells",
)
simple(
    "cell_is_a_number",
    raw('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7]}'),
    NOT_GRADABLE,
    "cell 1",
)
simple(
    "source_is_a_number",
    raw(
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": 7}]}'
    ),
    NOT_GRADABLE,
    "source of cell 1",
)
simple("newer_format", edited(lambda nb: nb.update(nbformat=5)), NOT_GRADABLE, "newer")
simple("format_3", lambda c, s: hand_in(c, s, json.dumps(nbformat.convert(solve(c), 3))))
simple(
    "byte_order_mark",
    lambda c, s: hand_in(c, s, b"\xef\xbb\xbf" + json.dumps(solve(c)).encode()),
    clean=True,
)
simple(
    "lone_surrogate",
    edited(lambda nb: nb.cells.append(nbformat.v4.new_markdown_cell("\ud800"))),
    clean=True,
)
simple(
    "null_byte",
    edited(lambda nb: nb.cells.append(nbformat.v4.new_code_cell("x = '\0'"))),
    clean=True,
)
simple(
    "other_assignment",
    edited(lambda nb: nbformat.v4.new_notebook(cells=[cell("other-1", "x = 1", 3)])),
    NOT_GRADABLE,
    "another assignment",
)
simple(
    "a_plain_notebook",
    edited(lambda nb: nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])),
    NOT_GRADABLE,
    "metadata is missing",
)


def _strip(nb):
    for each in nb.cells:
        each.metadata = {}


def _double(name: str, edit: str = ""):
    def change(nb):
        at = nb.cells.index(find(nb, name))
        again = json.loads(json.dumps(nb.cells[at]))
        again["source"] += edit
        nb.cells.insert(at, nbformat.from_dict(again))

    return change


def _split(name: str):
    def change(nb):
        at = nb.cells.index(find(nb, name))
        second = nbformat.from_dict(json.loads(json.dumps(nb.cells[at])))
        lines = nb.cells[at].source.splitlines()
        nb.cells[at].source, second.source = lines[0], "\n".join(lines[1:])
        nb.cells.insert(at + 1, second)

    return change


def _without(*names: str):
    def change(nb):
        nb.cells = [
            c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in names
        ]

    return change


def _data(name: str, **changes):
    return lambda nb: find(nb, name).metadata.nbgrader.update(changes)


simple("metadata_stripped", edited(_strip), says="lost its metadata")
simple("test_doubled", edited(_double("test-add")), says="more than once")
simple("answer_doubled", edited(_double("add", "\n\n\n# a second try")), says="more than once")
simple(
    "answer_tripled",
    edited(lambda nb: [_double("add")(nb), _double("add")(nb)] and None),
    says="more than once",
)
simple("test_split", edited(_split("test-mean")), says="more than once")
simple("answer_split", edited(_split("setup")), says="more than once")
simple("test_deleted", edited(_without("test-add", "test-part")), says="'test-add' was missing")
simple(
    "test_deleted_wrong_answer",
    edited(_without("test-add", "test-part"), add=WRONG),
    says="missing",
    **LOST,
)
simple("answer_deleted", edited(_without("add")), says="'add' was missing", test_add=0, test_part=0)
simple(
    "all_but_one_deleted",
    edited(lambda nb: setattr(nb, "cells", [find(nb, "add")])),
    says="missing",
    test_mean=0,
    test_close=0,
    test_value=0,
)
simple("reversed", edited(lambda nb: nb.cells.reverse()), says="reordered")
simple(
    "test_edited",
    edited(lambda nb: find(nb, "test-add").update(source="assert True"), add=WRONG),
    says="edited",
    **LOST,
)
simple(
    "setup_edited",
    edited(
        lambda nb: find(nb, "setup").update(source="def near(a, b): return True"), mean="return 9"
    ),
    says="edited",
    test_mean=0,
)
simple(
    "test_made_text",
    edited(lambda nb: (find(nb, "test-add").update(cell_type="markdown"), None)[1], add=WRONG),
    says="markdown",
    **LOST,
)
simple(
    "answer_made_raw",
    edited(lambda nb: (find(nb, "add").update(cell_type="raw"), None)[1]),
    says="raw",
)
simple("points_raised", edited(_data("test-add", points=1000)))
simple(
    "test_made_answer",
    edited(_data("test-add", solution=True, grade=False, locked=False), add=WRONG),
    **LOST,
)
simple(
    "grade_id_changed", edited(_data("test-add", grade_id="mine"), add=WRONG), says="'mine'", **LOST
)
simple(
    "grade_id_a_list", edited(_data("test-add", grade_id=[1]), add=WRONG), says="'test-add'", **LOST
)
simple(
    "old_schema",
    edited(lambda nb: [c.metadata.nbgrader.update(schema_version=1) for c in nb.cells] and None),
    clean=True,
)
simple(
    "no_schema",
    edited(lambda nb: [c.metadata.nbgrader.pop("schema_version") for c in nb.cells] and None),
    clean=True,
)
simple(
    "new_schema",
    edited(lambda nb: [c.metadata.nbgrader.update(schema_version=99) for c in nb.cells] and None),
    clean=True,
)
simple("checksum_kept", edited(_data("test-add", checksum="0" * 32)), clean=True)
simple(
    "nbgrader_is_text",
    edited(lambda nb: find(nb, "test-add").metadata.update(nbgrader="x"), add=WRONG),
    says="test-add",
    **LOST,
)
simple(
    "skipped_by_tag",
    edited(
        lambda nb: find(nb, "test-add").metadata.update(
            tags=["skip-execution", "raises-exception"]
        ),
        add=WRONG,
    ),
    clean=True,
    **LOST,
)
simple(
    "forged_outputs",
    edited(
        lambda nb: find(nb, "test-value").update(
            outputs=[
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {"text/plain": "1.0"},
                }
            ]
        ),
        half="return 0.0",
    ),
    clean=True,
    test_value=0,
)
simple(
    "other_kernel",
    edited(lambda nb: nb.metadata.update(kernelspec={"name": "bash", "display_name": "bash"})),
    clean=True,
)
simple(
    "same_cell_ids", edited(lambda nb: [c.update(id="same") for c in nb.cells] and None), clean=True
)
simple("no_essay", edited(_without("essay")), says="essay")
