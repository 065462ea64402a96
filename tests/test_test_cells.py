"""Test cells of the assignments: short, and with no name of their own in the student's notebook."""

import ast

import graders
import pytest

from grading.cells import free

ASSIGNMENTS = sorted(path.name for path in (graders.ROOT / "source").iterdir())
CELLS = [
    pytest.param(cell.source, id=f"{name}: {cell.id}")
    for name in ASSIGNMENTS
    for cell in graders.notebook("source", name).cells
    if cell.id in graders.items(name)
]


@pytest.mark.parametrize("source", CELLS)
def test_only_the_name_checks_is_bound(source):
    """Whatever a student's helper is called (sgd, metrics, again), a test leaves it alone."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            assert all(a.name.split(".")[0] == "checks" and not a.asname for a in node.names)
        elif isinstance(node, ast.FunctionDef | ast.Assign):  # a reference that none may read
            names = (
                [node.name] if isinstance(node, ast.FunctionDef) else map(ast.unparse, node.targets)
            )
            assert all(name.startswith("hidden_") for name in names)
        else:
            assert isinstance(node, ast.Expr), ast.unparse(node)
    named = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.NamedExpr)]
    assert named == []


@pytest.mark.parametrize("source", CELLS)
def test_what_a_student_sees_is_short(source):
    visible = source.split("### BEGIN HIDDEN TESTS")[0]
    assert len(visible.strip().splitlines()) <= 10


@pytest.mark.parametrize("source", CELLS)
def test_a_check_is_called_with_the_answer(source):
    """The same checks, hidden and visible, but for items that are only marked when handed in."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = [ast.unparse(call.func) for call in calls]
    assert sum(name.startswith("checks.") for name in names) >= 2


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_test_takes_from_the_notebook_its_answer_alone(name):
    """What else it names, `math` say, an answer could have given another meaning.

    But for whose numbers it is about, and functions of locked cells, which tests have from these.
    """
    bound, ours = set(), {"me"}
    for cell in graders.notebook("source", name).cells:
        if cell.id in graders.items(name):
            assert set(free(cell.source)) <= bound | ours, cell.id
        elif cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("locked"):
            ours |= {n.name for n in ast.parse(cell.source).body if isinstance(n, ast.FunctionDef)}
        elif cell.id.endswith("-answer"):
            body = ast.parse(cell.source).body
            bound = {one.name for one in body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
            pairs = [one.targets for one in body if isinstance(one, ast.Assign)]
            bound |= {ast.unparse(target) for targets in pairs for target in targets}
