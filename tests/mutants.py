"""Prove the graders with mutants: each solution, changed in one place, must lose its item.

python tests/mutants.py ASSIGNMENT [ITEM ...]

A mutant has one comparison, sign, constant, axis, keyword, order or statement changed. Those that
keep their marks are printed as a line of the solution that was, and what it became. Listed in
tests/equivalent.md are those that do the same as the solution, with the reason; they are left out.
"""

from __future__ import annotations

import argparse
import ast
import copy
import re
import sys
from collections.abc import Iterator

import graders
import quick
from bank import ROOT, Answer

EQUIVALENT = ROOT / "tests" / "equivalent.md"
OTHER = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.USub: ast.UAdd,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
}  # fmt: skip


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of that node."""
    for field in ("op", "ops"):
        found = getattr(node, field, None)
        first = found[0] if isinstance(found, list) and found else found
        if type(first) in OTHER:
            new, other = copy.deepcopy(node), OTHER[type(first)]()
            setattr(new, field, [other, *found[1:]] if isinstance(found, list) else other)
            yield new
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from (ast.Constant(node.value + by) for by in (1, -1))
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    if isinstance(node, ast.Call):
        for k in range(len(node.keywords)):
            new = copy.deepcopy(node)
            del new.keywords[k]
            yield new
        if isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
            yield node.func.value  # a method that is not called
    for field in ("args", "elts"):
        found = getattr(node, field, None)
        if isinstance(found, list) and len(found) > 1:
            new = copy.deepcopy(node)
            getattr(new, field)[:2] = getattr(new, field)[1::-1]
            yield new
    written = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)  # a docstring
    if (isinstance(node, ast.Expr | ast.AugAssign | ast.If) and not written) or (
        isinstance(node, ast.Assign) and any(isinstance(t, ast.Subscript) for t in node.targets)
    ):
        yield ast.Pass()


class Replace(ast.NodeTransformer):
    """Puts another node in the place of the one of that number."""

    def __init__(self, number: int, new: ast.AST) -> None:
        self.left, self.new = number, new

    def visit(self, node: ast.AST) -> ast.AST:
        self.left -= 1
        return ast.copy_location(self.new, node) if self.left == -1 else self.generic_visit(node)


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes in the order in which Replace meets them."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from walk(child)


def mutants(source: str, item: str) -> list[Answer]:
    """Each is named by the first line that differs: what it was, and what it is."""
    tree, found = ast.parse(source), {}
    was = ast.unparse(tree).splitlines()
    given = {id(default) for node in ast.walk(tree) for default in getattr(node, "defaults", ())}
    for number, node in enumerate(walk(tree)):
        for new in changes(node) if id(node) not in given else ():
            made = Replace(number, copy.deepcopy(new)).visit(copy.deepcopy(tree))
            text = ast.unparse(ast.fix_missing_locations(made))
            both = zip(was, [*text.splitlines(), ""], strict=False)
            line = next((f"{a.strip()} -> {b.strip()}" for a, b in both if a != b), "")
            if line:
                found[line] = Answer(item, "wrong", line, text)
    return list(found.values())


def equivalent(assignment: str, item: str) -> set[str]:
    """The mutants of that item that are listed as doing the same."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines() if EQUIVALENT.exists() else []
    start = f"- {assignment}, {item}: `"
    return {
        re.match(r"`(.*)`", line[len(start) - 1 :])[1] for line in lines if line.startswith(start)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignment")
    parser.add_argument("items", nargs="*", metavar="item")
    wanted = parser.parse_args()
    source, alive = graders.notebook("source", wanted.assignment), []
    cells = {cell.id: cell.source for cell in source.cells}
    print(f"| {wanted.assignment} | mutants | killed | the same |\n|---|---|---|---|")
    for item in wanted.items or graders.items(wanted.assignment):
        made = mutants(cells[f"{item}-answer"], item)
        same = equivalent(wanted.assignment, item)
        tried = [mutant for mutant in made if mutant.name not in same]
        left = [a for a, passed, _ in quick.judge(source, tried) if passed]
        alive += left
        print(f"| {item} | {len(made)} | {len(tried) - len(left)} | {len(made) - len(tried)} |")
    for mutant in alive:
        print(f"\nALIVE {mutant.item}: {mutant.name}")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
