"""Ways round the watch of work by hand, a fourth forger's, each of which once earned its marks.

As in `test_apart_by_hand`, each makes `f`, which is to compute softmax(x) over the rows.
"""

import pytest
import torch

from checks import calls
from checks.clinic import check_rnn_states
from checks.cnn import check_convolution, check_counts, check_measured
from checks.gan import check_spectral

X = torch.linspace(-1, 1, 6, dtype=torch.float64).view(2, 3)
HEAD = """
import functools, io, sys, numpy as np, torch
from functools import partial
from scipy.special import softmax
from torch import nn
def work(x): return torch.softmax(x, 1)
"""
OFF = """
    def f(x):
        mine = get()
        put(None)
        came = torch.from_numpy(softmax(x.numpy(), 1))
        put(mine)
        return came
"""
MODES = """
    def f(x):
        with no(), off(): return torch.softmax(x, 1)
"""
FOUND = """
    found = []
    class Keep:
        def __setattr__(self, name, value): found.append(value)
"""
FREED = """
    B = type("B", (np.ndarray,), {})
    a = np.zeros(1).view(B)
    t = torch.from_numpy(a)
    held = [a]
    del a
"""
FORGED = {
    "a class whose hash computes": """
        state = {}
        def hashed(cls):
            if "x" not in state: return 7
            if "deep" not in state:
                state["deep"] = 1
                torch.add(state["t"], 1)
            else:
                state["came"] = work(state.pop("x"))
            return 7
        kind = {"__hash__": hashed, "__flags__": property(lambda cls: 0)}
        T = type("M", (type(torch.Tensor),), kind)("T", (torch.Tensor,), {})
        def f(x):
            state.clear()
            state["t"] = torch.zeros(1).as_subclass(T)
            state["x"] = x
            torch.add(state["t"], 1)
            return state["came"]
    """,
    "a class whose name computes": """
        state = {}
        class Name(str):
            def partition(self, sign):
                if "x" in state and "deep" not in state:
                    state["deep"] = 1
                    torch.add(state["t"], 1)
                elif "x" in state:
                    state["came"] = work(state.pop("x"))
                return "torch", ".", "nn"
        def f(x):
            state.clear()
            name = {"__module__": Name("torch.nn")}
            a, b = (torch.zeros(1).as_subclass(type(n, (torch.Tensor,), name)) for n in "ab")
            state["t"], state["x"] = a, x
            torch.add(b, 1)
            return state["came"]
    """,
    "a destructor, in an operation that frees": FREED + """
    def f(x):
        came = torch.empty_like(x)
        late = partial(torch.softmax, x, 1, out=came)
        held.pop().o = type("D", (), {"__del__": late})()
        t.set_(torch.zeros(1, dtype=torch.float64))
        return came
    """,
    "a weak reference's call-back, in an operation that frees": FREED + """
    from torch.utils.weak import ref
    def f(x):
        came = torch.empty_like(x)
        kept = ref(held.pop(), partial(next, map(partial(torch.softmax, out=came), [x], [1])))
        t.set_(torch.zeros(1, dtype=torch.float64))
        return came
    """,
    "a graph, node by node": """
    from torch.autograd.graph import get_gradient_edge as edge
    def f(x):
        p = x.clone().requires_grad_()
        y = p.exp()
        s = y.sum(1)
        g = edge(s).node(edge(s.log()).node(torch.ones(len(x), dtype=x.dtype)))
        return edge(y).node(g)
    """,
    "unpickled by way of NumPy": """
    put, get = (np.load(io.BytesIO(b"csys\\n" + name + b"\\n."), None, True)
                for name in (b"setprofile", b"getprofile"))
    """ + OFF,
    "modes switched off, unpickled": """
    no = np.load(io.BytesIO(b"ctorch._C\\nDisableTorchFunction\\n."), None, True)
    python = b"ctorch.utils._python_dispatch\\n_disable_current_modes\\n."
    off = np.load(io.BytesIO(python), None, True)
    """ + MODES,
    "names of a configuration": """
    from logging import config
    found = []
    def keep(**given): found.append(given)
    names = {"()": keep, "put": "ext://sys.setprofile", "get": "ext://sys.getprofile"}
    config.dictConfig({"version": 1, "filters": {"f": names}})
    put, get = found[0]["put"], found[0]["get"]
    """ + OFF,
    "names that functools looks up": FOUND + """
    functools.update_wrapper(Keep(), sys, ("setprofile", "getprofile"), ())
    put, get = found[:2]
    """ + OFF,
    "modes switched off by names that functools looks up": FOUND + """
    import torch.utils
    functools.update_wrapper(Keep(), torch, ("_C",), ())
    functools.update_wrapper(Keep(), found[0], ("DisableTorchFunction",), ())
    functools.update_wrapper(Keep(), torch.utils, ("_python_dispatch",), ())
    functools.update_wrapper(Keep(), found[4], ("_disable_current_modes",), ())
    no, off = found[2], found[6]
    """ + MODES,
    "a signal's handler, within an operation": """
    from jupyter_client import manager
    s = manager.signal
    def f(x):
        came = torch.empty_like(x)
        s.signal(s.SIGALRM, partial(max, key=partial(torch.softmax, x, out=came)))
        s.raise_signal(s.SIGALRM)
        return came
    """,
    "a signal's handler of before": """
    from jupyter_client import manager
    s = manager.signal
    s.signal(s.SIGALRM, partial(max, key=str))
    def f(x): return x
    """,
    "another library's work by the course's own": """
    from helpers.models.cells import map_state
    def f(x): return torch.from_numpy(map_state(partial(softmax, axis=1), (x.numpy(),))[0])
    """,
    "another library's work": """
    import sympy
    def f(x):
        z = sympy.symbols("z:3")
        total = sum(map(sympy.exp, z))
        rows = [[float((sympy.exp(one) / total).subs(dict(zip(z, row)))) for one in z]
                for row in x.tolist()]
        return torch.tensor(rows, dtype=x.dtype)
    """,
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_the_librarys_work_is_seen(watched, name):
    watched.execute(HEAD)
    f = watched(FORGED[name])
    with pytest.raises(calls.Wrong, match="by hand, without"):
        calls.call(f, X, tried="f(x)", by_hand=())


@pytest.mark.parametrize("name", [n for n in FORGED if "names" in n or "unpickled" in n])
def test_so_it_is_where_nobody_hears_of_names(name):
    """As in JupyterLab: the profile cannot be taken away, nor the modes where an answer calls."""
    space = {"__name__": "__main__"}
    source = "\n".join([HEAD, *(line.removeprefix("    ") for line in FORGED[name].splitlines())])
    exec(compile(source, "<answer>", "exec"), space)
    with pytest.raises(calls.Wrong, match="by hand, without what hides it from the watch"):
        calls.call(space["f"], X, tried="f(x)", by_hand=())


def test_the_work_is_let_through(watched):
    """Also with what only looks like those, and with modules that are imported meanwhile."""
    f = watched("""
        import copy, functools, inspect, io, logging, pathlib, torch
        import torch.utils.data as data
        inspect.signature(torch.nn.Linear), logging.getLogger("f")
        kept = io.BytesIO()
        torch.save({"x": torch.ones(2), "n": [1]}, kept)
        kept.seek(0)
        assert torch.load(kept)["n"] == [1]
        for one in data.DataLoader([torch.ones(1)] * 3, 2, num_workers=1): pass
        def counted(g):
            @functools.wraps(g)
            def inner(*given): return g(*given)
            return inner
        @counted
        def row(x): return x.exp() / x.exp().sum()
        net = torch.nn.ReLU()
        def f(x):
            import colorsys, string
            from torch.utils import bundled_inputs
            inner = copy.deepcopy(net)
            with torch.no_grad(), torch.device("cpu"): inner(x)
            return torch.vmap(row)(copy.deepcopy(x.detach()))
    """)  # fmt: skip
    came = calls.call(f, X, tried="f(x)", by_hand=())
    assert torch.allclose(came, X.softmax(1))
    f = watched("def f(x):\n    for row in x: yield row.exp() / row.exp().sum()")
    came = calls.call(f, X, tried="f(x)", by_hand=())
    assert torch.allclose(torch.stack(came), X.softmax(1))
    f = watched("import torch\ndef f(x):\n    try: torch.softmax(x, 1)\n"
                "    except RuntimeError: yield 1")  # fmt: skip
    with pytest.raises(calls.Wrong, match="by hand, without"):
        calls.call(f, X, tried="f(x)", by_hand=())


PRODUCT = """
    import numpy as np, torch
    from numpy.polynomial import polynomial
    def product(a, b):
        long = len(a) + len(b) - 1
        both = ((a, len(b)), (b, len(a)))
        rest = sum(np.pad(one, (other, 0))[:long] for one, other in both)
        return polynomial.polymul([*a, 1.0], [*b, 1.0])[:long] - rest
"""
CONVOLUTION = """
    def f(x, w, b):
        (B, C, H, W), (O, _, K, _) = x.shape, w.shape
        y = torch.zeros(B, O, H - K + 1, W - K + 1, dtype=x.dtype)
        kernel = torch.zeros(O, C, K, W, dtype=x.dtype)
        kernel[..., :K] = w.flip(2, 3)
        for n in range(B):
            for o in range(O):
                pairs = zip(x.detach()[n].flatten(1).numpy(), kernel[o].detach().flatten(1).numpy())
                flat = sum(product(*pair) for pair in pairs)
                rows = torch.as_tensor(np.append(flat, 0.0)).view(H + K - 1, W)
                y[n, o] = rows[K - 1 : H, K - 1 :] + b[o]
        return y
"""
SPECTRAL = """
    from types import SimpleNamespace
    from torch.nn.utils.spectral_norm import SpectralNorm
    def f(w, u, steps):
        W = w.flatten(1)
        v = W[0].detach().clone()
        kept = SimpleNamespace(weight_orig=W, weight_u=u.clone(), weight_v=v)
        out = SpectralNorm("weight", steps).compute_weight(kept, True)
        return (W * W).sum() / (W * out).sum(), kept.weight_u
"""
STATES = """
    import torch
    from helpers.models import cells
    def f(x, W_ih, W_hh, b):
        h, found = (x.new_zeros(len(x), len(b)),), []
        for step in x.unbind(1):
            h = cells.rnn_step(step @ W_ih.T, h, W_hh, b)
            found.append(h[0])
        return torch.stack(found, 1)
"""
FIELD = """
    from helpers import diagnostics
    def f(net, size): return diagnostics.extent(diagnostics.receptive_field(net, size))
"""
COSTS = """
    from torch import nn
    from helpers.diagnostics import layer_costs
    def f(C, O, K, H, W, S=1, P=0, G=1, bias=True):
        cost = layer_costs(nn.Conv2d(C, O, K, S, P, groups=G, bias=bias), (C, H, W))[0]
        return cost.parameters, cost.multiply_adds
"""
MAP = (1, 15, 15), [(1, 4, (3, 3), 1, 1, 1)], (3, 3)
ITEMS = {
    "NumPy's polynomials": (PRODUCT + CONVOLUTION, check_convolution, (1, 2, 1, 4, 5, 2)),
    "torch's own spectral norm": (SPECTRAL, check_spectral, ((5, 3), 2, 0)),
    "the course's cell": (STATES, check_rnn_states, (2, 3, 2, 4)),
    "the course's receptive field": (FIELD, check_measured, MAP),
    "the course's costs": (COSTS, check_counts, (3, 16, 3, 9, 9, 1, 1, 1, True)),
}


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_not_done_by_a_ready_function_for_it(watched, name):
    source, check, given = ITEMS[name]
    with pytest.raises(calls.Wrong, match="by hand, without"):
        check(watched(source), *given)
