"""Tests that are made to pass, by answers that are not what they seem."""

from hostile.case import LOST, WRONG, code, simple

TWICE = "def twice(x): return [0.0 * a for a in x]"
simple(
    "allclose_replaced",
    code(
        twice=f"# all\nimport torch, numpy as np\ntorch.allclose = lambda *a: True\nnp.testing.assert_allclose = lambda *a: None\n{TWICE}"
    ),
    test_close=0,
)
simple(
    "allclose_code",
    code(
        twice=f"# all\nimport torch, numpy as np\ntorch.allclose = lambda *a: True\nf = np.testing.assert_allclose\nf.__code__ = (lambda *a, **k: None).__code__\n{TWICE}"
    ),
    test_close=0,
)
simple(
    "allclose_while_tested",
    code(
        twice="""import numpy as np
    np.testing.assert_allclose = lambda *a: None
    return [2 * a for a in x] if len(x) == 2 else [0.0]"""
    ),
    test_close=0,
)
simple(
    "modules_replaced",
    code(
        twice=f"""# fake
import sys, types
fake = types.SimpleNamespace(allclose=lambda *a: True, tensor=lambda x: x)
sys.modules["torch"] = fake
sys.modules["numpy"] = types.SimpleNamespace(testing=types.SimpleNamespace(assert_allclose=lambda *a: 0))
{TWICE}"""
    ),
    test_close=0,
)
simple(
    "dispatch_mode",
    code(
        twice="""# mode
import torch, numpy as np
from torch.utils._python_dispatch import TorchDispatchMode
class Yes(TorchDispatchMode):
    def __torch_dispatch__(self, f, types, args=(), kwargs=None):
        return True if "allclose" in str(f) else f(*args, **(kwargs or {}))
Yes().__enter__()
def twice(x): return [2 * a for a in x] if len(x) == 1 else [0.0, 0.0]"""
    ),
    test_close=0,
)
simple(
    "function_mode",
    code(
        twice="""# mode
import torch, numpy as np
from torch.overrides import TorchFunctionMode
class Yes(TorchFunctionMode):
    def __torch_function__(self, f, types, args=(), kwargs=None):
        return True if f is torch.allclose else f(*args, **(kwargs or {}))
Yes().__enter__()
def twice(x): return [2 * a for a in x] if len(x) == 1 else [0.0, 0.0]"""
    ),
    test_close=0,
)
simple(
    "import_hook",
    code(
        twice=f"""# hook
import builtins, types
real = builtins.__import__
def fake(name, *a, **k):
    return types.SimpleNamespace(allclose=lambda *a: True, tensor=lambda x: x) if name == "torch" else real(name, *a, **k)
builtins.__import__ = fake
{TWICE}"""
    ),
    test_close=0,
)

simple(
    "value_not_displayed",
    code(add=f"import sys; sys.displayhook = lambda value: None; {WRONG}"),
    **LOST,
)
