"""IPython's search for magics, left out where a cell is Python as it stands."""

import ast
import warnings

from IPython.core.inputtransformer2 import TransformerManager

ESCAPES = TransformerManager().token_transformers


class QuickTransformer(TransformerManager):
    """A magic is never valid Python, and IPython's search costs milliseconds for each cell, which
    it makes twice.
    """

    python = ""  # the last source that was found to be Python

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        if self.token_transformers == ESCAPES:
            source = "".join(lines)
            if type(self.python) is str and source == self.python:
                return lines
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    compile(source, "<cell>", "exec", flags)
                self.python = source
                return lines
            except Exception:  # not Python, or not yet
                pass
        return super().do_token_transforms(lines)
