"""Tests that are made to pass, by what runs or shows them."""

import nbformat

from hostile.case import LOST, PARTIAL, WRONG, code, edited, simple

simple(
    "helper_after_a_restart",  # a fresh kernel too knows the assignment's helpers
    edited(
        lambda nb: nb.cells.insert(1, nbformat.v4.new_code_cell("import os; os._exit(0)")),
        add="# near\nnear = lambda *a, **k: True\ndef add(a, b): return a + b",
        mean="return 7",
    ),
    PARTIAL,
    "exit status 0",
    test_mean=0,
)
simple(
    "strip_asserts_ast",
    code(
        add=f"""# strip
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Strip())
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "strip_asserts_text",
    code(
        add=f"""# strip
get_ipython().input_transformers_post.append(
    lambda lines: [line.replace("assert", "print(1) or") for line in lines])
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "strip_asserts_transformer",
    code(
        add=f"""# strip
from IPython.core.inputtransformer2 import TransformerManager
real = TransformerManager.transform_cell
TransformerManager.transform_cell = lambda self, cell: real(self, cell).replace("assert", "1 or")
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "strip_asserts_instance",  # but for an assertion in a cell's first line
    code(
        add=f"""# strip
manager = get_ipython().input_transformer_manager
real = manager.transform_cell
manager.transform_cell = lambda cell: cell[:7] + real(cell)[7:].replace("assert", "1 or")
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "strip_asserts_compile",
    code(
        add=f"""# strip
import ast
compiler = get_ipython().compile
real = compiler.ast_parse
def lenient(source, *rest):
    tree = real(source, *rest)
    tree.body[1:] = [s for s in tree.body[1:] if not isinstance(s, ast.Assert)]
    return tree
compiler.ast_parse = lenient
def add(a, b):
    {WRONG}"""
    ),
    **LOST,  # the others are judged in a second run, without this cell
)
simple(
    "strip_asserts_cleanup",
    code(
        add=f"""# strip
get_ipython().input_transformer_manager.cleanup_transforms.insert(
    0, lambda lines: [line for line in lines if not line.startswith("assert")])
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
for _name, _owner in [("instance", "get_ipython()"), ("class", "type(get_ipython())")]:
    simple(
        f"run_cell_{_name}",
        code(
            add=f"""# replace run_cell
from IPython.core.interactiveshell import ExecutionResult
async def nothing(*a, **k):
    return ExecutionResult(None)
{_owner}.run_cell = lambda *a, **k: ExecutionResult(None)
{_owner}.run_cell_async = nothing
def add(a, b):
    {WRONG}"""
        ),
        **LOST,
    )
simple(
    "run_code",
    code(
        add=f"""# replace run_code
async def nothing(*a, **k):
    return False
def add(a, b):
    {WRONG}
get_ipython().run_code = nothing"""
    ),
    **LOST,  # the others are judged in a second run, without this cell
)
simple(
    "do_execute",
    code(
        add=f"""# replace do_execute
async def nothing(*a, **k):
    return dict(status="ok", execution_count=1, user_expressions={{}}, payload=[])
get_ipython().kernel.do_execute = nothing
def add(a, b):
    {WRONG}"""
    ),
    test_add=0,
    test_part=0,
)
simple(
    "compile_replaced",
    code(
        add=f"""# replace the compiler
import ast
own = get_ipython().compile
class Fake(type(own)):
    def ast_parse(self, source, filename="", symbol="exec"):
        tree = super().ast_parse(source, filename, symbol)
        tree.body = [n for n in tree.body if not isinstance(n, ast.Assert)] or ast.parse("pass").body
        return tree
get_ipython().compile = Fake()
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "exceptions_swallowed",
    code(
        add=f"""# swallow
get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)
get_ipython().showtraceback = lambda *a, **k: None
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "outputs_cleared",
    code(
        add=f"""# clear what went wrong
from IPython.display import clear_output
get_ipython().events.register("post_run_cell", lambda *a: clear_output())
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "tracer",
    code(
        add=f"""# trace
import sys
def jump(frame, event, arg):
    return jump
sys.settrace(jump)
def add(a, b):
    {WRONG}"""
    ),
    **LOST,
)
simple(
    "builtin_abs",
    code(mean="# abs\nimport builtins\nbuiltins.abs = lambda x: 0\ndef mean(x): return 7"),
    test_mean=0,
)
simple("name_abs", code(mean="# abs\nabs = lambda x: 0\ndef mean(x): return 7"), test_mean=0)
simple(
    "builtin_all",
    code(
        add="# sum\nimport builtins\nbuiltins.sum = lambda x: 4\n" + f"def add(a, b):\n    {WRONG}"
    ),
    PARTIAL,
    "could no longer reach the answers",
    test_add=0,
    test_part=0,
)
simple(
    "own_name_for_a_builtin",
    code(add="# sum\nsum = lambda x: 4\n" + f"def add(a, b):\n    {WRONG}"),
    test_mean=0,
    **LOST,
)
simple(
    "math_function",
    code(mean="# math\nmath.isclose = lambda *a: True\ndef mean(x): return 2"),
    test_mean=0,
)
simple(
    "math_rebound",
    code(mean="# math\nclass math: isclose = lambda *a: True\ndef mean(x): return 2"),
    test_mean=0,
)
simple(
    "helper_rebound",
    code(mean="# near\nnear = lambda *a: True\ndef mean(x): return 4"),
    test_mean=0,
)
simple(
    "helper_code",
    code(mean="# near\nnear.__code__ = (lambda a, b: True).__code__\ndef mean(x): return 4"),
    test_mean=0,
)
simple(
    "helper_keywords",
    code(mean="# near\nnear.__kwdefaults__['tolerance'] = 9\ndef mean(x): return 4"),
    test_mean=0,
)
