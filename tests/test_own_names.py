"""Names that are a student's own in lines of answers, and those that only look so."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grading.needless import lines

LENT = "def lead(self): return self._umath_linalg\nlead(np.linalg).svd_s(W)"


def found(*sources: str, folder) -> list[set[int]]:
    """The cells of each odd line."""
    cells = [*map(new_code_cell, sources)]
    return list(lines(new_notebook(cells=cells), folder)[0].values())


@pytest.mark.parametrize(
    "source",
    [
        "class V:\n    _kept = {}\n    _n: int = 0\n    def f(self): return V._kept, self._n",
        "class V:\n    def f(self): self._x = 1\n    def g(self): return self._x, self.__y",
        "state = state._replace(v=1)\nstate._asdict()",
        "import re\nWORD = re.compile('a')",
    ],
)
def test_ones_own_and_what_everybody_may_use(source, tmp_path):
    assert found(source, folder=tmp_path) == []


@pytest.mark.parametrize(
    "source",
    [
        LENT,
        f"class K:\n    def __init__(self): self._umath_linalg = 1\n{LENT}",
        "import numpy.linalg as self\nself._umath_linalg.svd_s(W)",
        "class V:\n    def f(self): return self._other",
        "import torch as re\nre.compile(f)",
        "import re, torch as re\nre.compile(f)",
        "import re\ndef f(re): return re.compile(g)",
        "import re\nre = torch\nre.compile(g)",
        "import re\nfrom mine import *\nre.compile(g)",
    ],
)
def test_a_name_of_a_library_is_nobodys_own(source, tmp_path):
    assert found(source, folder=tmp_path) != []


def test_names_in_modules_of_ones_own(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").write_text("from .ops import outer")
    (tmp_path / "mine" / "ops.py").write_text(
        "import re\nWORD = re.compile('a')\n"
        "class P:\n    def __init__(self): self._w = 1\n    def outer(self): return self._w"
    )
    assert found("from mine import outer", folder=tmp_path) == []
    (tmp_path / "mine" / "ops.py").write_text("import torch as re\nWORD = re.compile(f)")
    assert found("import re\nfrom mine import outer", folder=tmp_path) == [{0}]
