"""The house stays easy to read: small files, short functions, few arguments, no import circles."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("helpers", "checks", "grading", "deploy", "tools", "benchmarks", "tests")
LINES, LONGEST, ARGUMENTS = 300, 40, 10


def sources() -> list[Path]:
    """Every Python file of ours but the answers of the bank, which are students'."""
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if ROOT / "tests" / "answers" not in path.parents]


def faults(text: str) -> list[str]:
    """What is too large in a file of this text."""
    found = []
    if text.count("\n") > LINES:
        found.append(f"{text.count(chr(10))} lines")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            given = node.args
            count = len(given.posonlyargs) + len(given.args) + len(given.kwonlyargs)
            if length > LONGEST:
                found.append(f"{node.name} has {length} lines")
            if count > ARGUMENTS:
                found.append(f"{node.name} takes {count} arguments")
    return found


def imports(path: Path, names: dict[str, Path]) -> set[str]:
    """The modules of ours that a file imports, wherever in it, by the names in `names`."""
    asked = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            asked |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            asked |= whole & names.keys() or {node.module}
    beside = ".".join(path.parent.relative_to(ROOT).parts)  # scripts import what lies beside them
    asked |= {f"{beside}.{name}" for name in asked}
    return {name for name in asked if name in names and names[name] != path}


def modules() -> dict[str, Path]:
    names = {}
    for path in sources():
        parts = path.relative_to(ROOT).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_files_functions_and_signatures_are_small(room):
    found = {
        str(path.relative_to(ROOT)): found
        for path in sources()
        if ROOT / room in path.parents and (found := faults(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_no_two_modules_import_each_other():
    names = modules()
    TopologicalSorter({name: imports(path, names) for name, path in names.items()}).prepare()


def test_these_tests_can_fail():
    assert faults("x = 1\n" * 301) == ["301 lines"]
    assert faults("def f():\n" + "    x = 1\n" * 40) == ["f has 41 lines"]
    assert faults("def f(a, b, c, d, e, /, g, h, i, j, *, k, l): pass") == ["f takes 11 arguments"]
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()
    names = modules()
    assert "helpers.training.plan" in imports(names["helpers.training.loop"], names)
    assert "tests.tiny" in imports(names["tests.test_loop"], names)
