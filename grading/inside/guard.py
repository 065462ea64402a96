"""What tests rely on, as it was before the student's first cell.

Before a test runs, the functions that tests rely on are compared with what they were before the
student's first cell, and put back; afterwards they are compared again. A student's code runs in
the same process and could fool this too: what is found is evidence, what is not found proves
nothing.
"""

import operator
import sys
from collections.abc import Collection, Mapping
from types import FunctionType

MODULES = ["builtins", "math", "cmath", "operator", "statistics", "copy", "inspect", "functools"]
MODULES += ["numpy", "numpy.testing", "numpy.linalg", "numpy.random", "unittest.mock"]
MODULES += ["torch", "torch.nn", "torch.nn.functional", "torch.testing", "torch.linalg"]
MODULES += ["torch.autograd", "torch.optim"]
CLASSES = ["unittest.case:TestCase", "torch:Tensor", "torch.nn:Module", "threading:Thread"]
CLASSES += ["torch.utils._python_dispatch:TorchDispatchMode"]
CLASSES += ["IPython.core.interactiveshell:InteractiveShell", "IPython.core.events:EventManager"]
CLASSES += ["IPython.core.inputtransformer2:TransformerManager", "kernel:QuickTransformer"]
CLASSES += ["ipykernel.zmqshell:ZMQInteractiveShell", "kernel:CountingHook"]
CLASSES += ["ipykernel.ipkernel:IPythonKernel", "ipykernel.kernelbase:Kernel"]
CLASSES += ["jupyter_client.session:Session", "IPython.core.compilerop:CachingCompiler"]
NONE = object()


class Function:
    """What a Python function does, all of which can be replaced without replacing the function."""

    def __init__(self, function):
        self.function, self.code = function, function.__code__
        self.defaults, self.keywords = function.__defaults__, function.__kwdefaults__
        self.keywords_were = self.keywords and dict(self.keywords)

    def restore(self) -> bool:
        """Put it back; whether that was needed."""
        function = self.function
        if (
            function.__code__ is self.code
            and function.__defaults__ is self.defaults
            and function.__kwdefaults__ is self.keywords
            and (self.keywords is None or self.keywords == self.keywords_were)
        ):
            return False
        function.__code__, function.__defaults__ = self.code, self.defaults
        function.__kwdefaults__ = self.keywords = self.keywords_were and dict(self.keywords_were)
        return True


def inside(value: object) -> object:
    """The function that a static method, class method or property holds; else the value."""
    if isinstance(value, staticmethod | classmethod):
        return value.__func__
    return value.fget if isinstance(value, property) else value


def kept(space: Mapping) -> list[tuple[str, object]]:
    """What of a module's or a class's names is compared: those that can be called."""
    kinds = staticmethod, classmethod, property
    return [(name, v) for name, v in space.items() if callable(v) or isinstance(v, kinds)]


def same(before: Collection, space: Mapping) -> bool:
    """Whether a mapping's values are those it had, and perhaps some more. Fast, no look-ups."""
    now = list(space.values())  # a mapping keeps its order when a value is replaced
    return len(now) >= len(before) and all(map(operator.is_, before, now))


def pop_modes() -> list[str]:
    """Take back what intercepts torch's operations in this thread; torch's own modes stay."""
    if "torch" not in sys.modules:
        return []
    from torch import _C, overrides
    from torch.utils import _python_dispatch as dispatch

    kept, found = [], []
    for _ in range(_C._len_torch_dispatch_stack()):
        found.append(f"torch dispatch mode {type(dispatch._pop_mode()).__name__}")
    for _ in range(_C._len_torch_function_stack()):
        mode = overrides._pop_mode()
        if type(mode).__module__.startswith("torch."):
            kept.append(mode)
        else:
            found.append(f"torch function mode {type(mode).__name__}")
    for mode in reversed(kept):
        overrides._push_mode(mode)
    return found


def settle() -> None:
    """Let torch.compile change torch.nn.Module now, as its first use does: that is no tampering."""
    if "torch._dynamo" in sys.modules:
        try:
            from torch._dynamo.mutation_guard import install_generation_tagging_init

            install_generation_tagging_init()
        except Exception:
            pass  # another version of torch: it is told as evidence then


class Snapshot:
    """The callables of modules and classes as they were, by identity."""

    def __init__(self, extra: list[str]):
        owners = [(name, sys.modules.get(name)) for name in [*MODULES, *extra]]
        for name in CLASSES:
            module, _, attribute = name.partition(":")
            owners.append(
                (name.replace(":", "."), getattr(sys.modules.get(module), attribute, None))
            )
        owners += [
            (f"{name}.{value.__name__}", value)
            for name in extra
            for value in vars(sys.modules.get(name, object)).values()
            if isinstance(value, type) and value.__module__ == name
        ]
        self.spaces = [
            (owner, name, list(vars(owner).values()), kept(vars(owner)))
            for name, owner in owners
            if owner is not None
        ]
        self.functions = [
            (f"{name}.{attribute}", Function(function))
            for _, name, _, entries in self.spaces
            for attribute, value in entries
            if isinstance(function := inside(value), FunctionType)
        ]
        self.classes = [(o, name, set(vars(o))) for name, o in owners if isinstance(o, type)]
        self.modules = dict(sys.modules)
        self.packages = []  # `from package import part` asks the package, not sys.modules
        self.parts, self.submodules, self.names = [], [], []
        for name, module in self.modules.items():
            package, _, part = name.rpartition(".")
            space = getattr(self.modules.get(package), "__dict__", None)
            if isinstance(space, dict) and space.get(part, NONE) is module:
                self.packages.append(space)
                self.parts.append(part)
                self.submodules.append(module)
                self.names.append(name)

    def restore(self) -> list[str]:
        """Put back what was changed; return the names."""
        changed = []
        for owner, name, values, entries in self.spaces:
            if same(values, now := vars(owner)):
                continue
            for attribute, value in entries:
                if now.get(attribute, NONE) is not value:
                    changed.append(f"{name}.{attribute}")
                    try:
                        setattr(owner, attribute, value)
                    except (AttributeError, TypeError):
                        pass
        changed += [name for name, function in self.functions if function.restore()]
        for owner, label, before in self.classes:
            for name in vars(owner).keys() - before:  # what now hides a method of a base class
                if any(name in vars(base) for base in owner.__mro__[1:]):
                    changed.append(f"{label}.{name}")
                    delattr(owner, name)
        if not same(self.modules.values(), sys.modules):
            for name, module in self.modules.items():
                if sys.modules.get(name) is not module and name != "__main__":
                    changed.append(f"sys.modules[{name!r}]")
                    sys.modules[name] = module
        # thousands, before and after each test: without a loop in Python
        now = map(dict.get, self.packages, self.parts)
        if not all(map(operator.is_, now, self.submodules)):
            every = zip(self.packages, self.parts, self.submodules, self.names, strict=True)
            for space, part, module, name in every:
                if space.get(part, NONE) is not module:
                    changed.append(name)
                    space[part] = module
        return changed
