"""Names that no work by hand needs, and by which an answer could get round the watch of it.

`grading.needless` looks for them in the lines of answers; here those are heard of that a line does
not tell, since they are looked up in a variable.
"""

import builtins
import hashlib
import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType, ModuleType

from .operators import BINARY

# under whatever module or object
NAMES = set(
    """
    addaudithook ag_await ag_code ag_frame ao attrgetter BaseConfigurator breakpointhook CodeType
    compile compile_expression cr_await cr_code cr_frame currentframe custom_op
    disable_torch_function DisableTorchFunction EntryPoint excepthook exec exec_ export f_back
    f_builtins f_code f_globals f_locals fdopen FileHandler fork forkpty Formatter forward_ad FrameType
    frombuffer Function FunctionType fx get_field get_gradient_edge get_ipython get_lapack_funcs
    get_type_hints getargvalues getattr_static getclosurevars getframeinfo getmembers
    getmembers_static getmodule getprofile gettrace gi_code gi_frame gi_yieldfrom globals grad_fn
    hub import_item import_object InplaceFunction InteractiveShell jit lambdify lapack lapack_lite
    library linearize memmap methodcaller MethodType monitoring multiarray multiprocessing
    NestedIOFunction next_functions ops overrides popen posix_spawn quantization read_pickle
    run_backward runcall runstring saved_tensors_hooks savetxt set_trace setprofile settrace
    singledispatch tb_frame tb_next to_csv tobytes tofile TorchDispatchMode TorchFunctionMode
    unraisablehook unsafe_load UnsafeLoader untyped_storage write_bytes write_text
    """.split()
)
SPECIAL = set(
    """
    abs annotations bool call class class_getitem contains delattr delitem dict div divmod doc enter
    eq exit file float format ge getattr getitem gt hash init int invert iter le len lt main missing
    module name ne neg new next pos post_init qualname repr reversed round setattr setitem slots str
    version
    """.split()
)
SPECIAL |= {kind + name for kind in ("", "r", "i") for name in BINARY}
# after one underscore; the last three are the dictionaries of a net, which some read
HARMLESS = {"", "pytree", "modules", "parameters", "buffers"}
WORD = re.compile(r"\w+")
MADE = ("_re", "__")  # what plain data are made again by
PYTHON = (sys.base_prefix, "<frozen ")
HERE = __file__.rpartition("/apart/")[0]


def is_odd(name: str, own: bool = False) -> bool:
    """own: of an object of one's own, whose private names one may use."""
    if name.startswith("__"):
        return name.strip("_") not in SPECIAL and not (own and name[-2:] != "__")
    return name in NAMES or (name.startswith("_") and not own and name.strip("_") not in HARMLESS)


def _is_own(libraries: tuple[str, ...], frame: FrameType | None, by_way: bool = False) -> bool:
    """Is it outside of the libraries? by_way: or of Python's, at the request of what is."""
    file = frame.f_code.co_filename if frame else HERE
    if "-packages" in file or file.startswith(libraries):
        return False
    return not file.startswith(PYTHON) or by_way and _is_own(libraries, frame.f_back, True)


def _digest(file: str | Path) -> bytes:
    """Of a file's text; of what is no file, of none."""
    path = Path(file)
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest()


class Ear:
    """Notes what is unpickled, imported or looked up otherwise than lines of answers tell."""

    def __init__(self, note: Callable[[str], None], libraries: tuple[str, ...]) -> None:
        self.note, self.libraries, self.here = note, libraries, str(Path().absolute())
        self.read = {_digest(path) for path in Path().rglob("*.py")}

    def __call__(self, event: str, given: tuple) -> None:
        if event == "pickle.find_class":
            for name in WORD.findall(given[1]):
                if name in ("eval", "getattr") or is_odd(name) and not name.startswith(MADE):
                    self.note(f"{name}, unpickled")
        elif event.startswith("ctypes.dlsym"):
            if _is_own(self.libraries, sys._getframe(1), True):
                self.note("a function of a compiled library")
        elif event in ("import", "marshal.loads", "exec"):
            if self.is_unread(event, given, sys._getframe(1)):
                self.note("a module that was not handed in as a text")

    def is_unread(self, event: str, given: tuple, caller: FrameType) -> bool:
        """Is imported what is not of the libraries, and was written meanwhile or is compiled?"""
        file = given[1] if event == "import" else None  # of a compiled one
        if caller.f_code.co_filename.startswith("<frozen importlib"):
            if event == "marshal.loads":
                file = caller.f_locals.get("bytecode_path")
            elif event == "exec":
                file = given[0].co_filename
        if not isinstance(file, str):
            return False
        theirs = "-packages" in file or file.startswith((*self.libraries, *PYTHON))
        own = file.startswith(self.here) or not theirs
        return own and (event != "exec" or _digest(file) not in self.read)


def listen(note: Callable[[str], None], libraries: tuple[str, ...]) -> None:
    """From now on tell of each such name that code outside of the libraries looks up as text.

    So it is where Python's own code does it for that, of modules; and whoever unpickles.
    """
    plain_getattr, plain_setattr, plain_eval = getattr, setattr, eval
    is_own = partial(_is_own, (HERE, *libraries))

    def getattr_(thing, name, /, *default):
        if type(name) is str and is_odd(name):
            theirs = type(thing).__module__ != "__main__"  # of one's own, private names are no news
            by_way = type(thing) is ModuleType and not name.startswith("__")
            if theirs and is_own(sys._getframe(1), by_way):
                note(f"getattr(..., {name!r})")
        return plain_getattr(thing, name, *default)

    def setattr_(thing, name, value, /):
        imported = (
            isinstance(thing, type | ModuleType) and thing.__dict__.get("__module__") != "__main__"
        )
        if imported and is_own(sys._getframe(1)):
            note(f"setattr(..., {name!r}, ...)")
        plain_setattr(thing, name, value)

    def eval_(source, space=None, here=None, /):
        frame = sys._getframe(1)
        odd = [one for one in WORD.findall(source) if is_odd(one)] if type(source) is str else ()
        if odd and is_own(frame):
            note(f"eval of a text with {odd[0]}")
        if space is None:
            space, here = frame.f_globals, frame.f_locals
        return plain_eval(source, space, space if here is None else here)

    sys.addaudithook(Ear(note, (HERE, *libraries)))
    for name, function in (("getattr", getattr_), ("setattr", setattr_), ("eval", eval_)):
        function.__name__ = function.__qualname__ = name
        function.__module__ = "builtins"
        plain_setattr(builtins, name, function)
