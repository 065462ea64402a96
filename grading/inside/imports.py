"""What modules import, read from their text: they themselves are not imported."""

import ast
import importlib.util
from importlib.machinery import PathFinder


def needed(names: set[str], withheld: set[str]) -> list[str]:
    """The modules to import first for these, without those of packages that are withheld."""
    found, waiting = set(), set(names)
    while waiting:
        name = waiting.pop()
        if name in found or not (spec := _spec(name)):
            continue
        found.add(name)
        if name.partition(".")[0] in withheld:
            package = name if spec.submodule_search_locations else name.rpartition(".")[0]
            with open(spec.origin, encoding="utf-8") as file:
                waiting |= _imported(file.read(), package)
    return sorted(name for name in found if name.partition(".")[0] not in withheld)


def _spec(name: str):
    """Where a module is, found without running the packages around it; None where it is none."""
    root, *parts = name.split(".")
    try:
        spec = importlib.util.find_spec(root)
        for part in parts:
            places = spec and spec.submodule_search_locations
            spec = places and PathFinder.find_spec(f"{spec.name}.{part}", places)
    except (ImportError, ValueError):
        return None
    return spec


def _imported(text: str, package: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = "" if not node.level else package.rsplit(".", node.level - 1)[0]
            module = ".".join(filter(None, (start, node.module)))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found
