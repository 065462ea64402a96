"""What a test cell relies on, put back before it runs, and whether it was tampered with."""

import builtins
import random
import secrets

from nbformat.notebooknode import NotebookNode
from nbgrader import utils

from . import cells
from .kernel import Kernel
from .limits import Limits
from .running import CellRunner

BUILTINS = set(dir(builtins)) - {"open"}  # IPython has an open of its own


class Guarding:
    """Asks the kernel's own guard; what it finds goes into ``detail`` as evidence."""

    def __init__(self, nb: NotebookNode, limits: Limits, runner: CellRunner, detail: dict):
        self.limits, self.runner, self.detail = limits, runner, detail
        self.imported: dict[str, str] = {}  # by locked cells
        self.declared: set[str] = set()
        self.displayed: int | None = None  # values handed over for display by the last cell
        for cell in nb.cells:
            if cell.cell_type == "code" and utils.is_locked(cell):
                self.imported |= cells.imports(cell.source)
                self.declared |= cells.binds(cell.source)
        self.locked_names = {"np": "numpy", "torch": "torch"} | self.imported

    async def before(self, kernel: Kernel, cell: NotebookNode, label: str) -> list[str]:
        """Put back what the tests rely on; then a false assertion must fail."""
        found = await self._ask(kernel, {"op": "before", "names": [], **self._relies_on(cell)})
        self._tell(found, f"before {label}")
        return await self._canary(kernel, cells.head(cell.source), f"before {label}")

    async def after(self, kernel: Kernel, cell: NotebookNode, label: str) -> list[str]:
        """Whether a test that passed was tampered with; what it defines is the assignment's now."""
        names = cells.defines(cell.source)
        found = await self._ask(kernel, {"op": "after", "names": names, **self._relies_on(cell)})
        if cells.is_python(cell.source) and cells.shows_value(cell.source) and self.displayed == 0:
            found.append("how values are displayed")
        wrong = [f"changed while the test ran: {listed(found)}"] if found else []
        return wrong + await self._canary(kernel, "", f"after {label}")

    async def after_failure(self, kernel: Kernel, cell: NotebookNode, label: str) -> None:
        found = await self._ask(kernel, {"op": "after", "names": [], **self._relies_on(cell)})
        self._tell(found, f"after {label}")

    async def remember(self, kernel: Kernel, cell: NotebookNode) -> None:
        """From here on, what a cell of the assignment's own defines is put back before tests."""
        names = cells.defines(cell.source) if utils.is_locked(cell) else []
        if names:
            await self._ask(kernel, {"op": "remember", "names": names})

    def _tell(self, found: list[str], when: str) -> None:
        if found:
            self.detail["evidence"].append(f"{when}, put back: {listed(found)}")

    def _relies_on(self, cell: NotebookNode) -> dict:
        used = cells.uses(cell.source)
        free = used - cells.binds(cell.source) - set(cells.imports(cell.source))
        return {
            "imports": {n: path for n, path in self.locked_names.items() if n in free},
            "builtins": sorted((free & BUILTINS) - self.declared - set(self.locked_names)),
            "defined": sorted(used),
        }

    async def _ask(self, kernel: Kernel, content: dict) -> list[str]:
        """What the kernel's own guard finds changed (nothing where there is no sandbox)."""
        self.displayed = None
        if not self.limits.isolation:
            return []
        reply = await kernel.ask_guard(content)
        self.displayed = reply.get("displayed")
        found = reply.get("found")
        return [str(name)[:200] for name in found] if isinstance(found, list) else []

    async def _canary(self, kernel: Kernel, rest: str, when: str) -> list[str]:
        """Whether an assertion that is false fails; ``rest`` makes it look like the test."""
        left, right, word = random.randint(2, 9**9), random.randint(2, 9**9), secrets.token_hex(8)
        source = f"assert {left} == {right + 9**9}, {word!r}\n{rest}"
        false = NotebookNode(cell_type="code", source=source, outputs=[], metadata=NotebookNode())
        reply = await self.runner.run(kernel, false, -1, probe=True)
        if reply.get("status") == "error" and reply.get("evalue") == word:
            return []
        if reply.get("ename") == "CellTimeoutError":
            return []
        return [f"{when}, an assertion that is false did not fail"]


def listed(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
