"""Item 4: what a model costs, by its own tensors."""

from __future__ import annotations

import torch
from torch import nn

from checks.calls import Case, item, judge
from checks.compare import equal
from helpers.models import rnn

BLOCKS = {
    1: "an RNN has one block of rows",
    3: "a GRU has three blocks of rows: r, z, n",
    4: "an LSTM has four blocks of rows: i, f, g, o",
}


def model_case(name, V, E, H, layers) -> Case:
    model = rnn.LanguageModel(V, H, E, name, layers)
    state = model(torch.zeros(1, 1, dtype=torch.int64))[1]
    numbers = sum(s.numel() for s in (state if isinstance(state, tuple) else (state,)))
    tried, given = f"count_model({name!r}, {V=}, {E=}, {H=}, {layers=})", (name, V, E, H, layers)
    want = sum(p.numel() for p in model.parameters()), numbers
    return Case(tried, given, want, lambda: model_mistakes(model, want, *given))


def model_mistakes(model, want, name, V, E, H, layers) -> dict[str, tuple[int, int]]:
    (parameters, numbers), lstm = want, name == "lstm"
    less = missing_parameters(model, name, V, E, H, layers)
    return {text: (parameters - n, numbers) for text, n in less.items()} | {
        "each layer keeps a state of its own": (parameters, numbers // layers),
        "each layer of an LSTM keeps a state of its own": (
            parameters, numbers // layers if lstm else numbers,
        ),
        "an LSTM keeps two vectors, h and c": (parameters, layers * H),
        "a state is h (of an LSTM h and c), not a vector for each gate": (
            parameters, layers * H * {"rnn": 1, "gru": 3, "lstm": 4}[name],
        ),
        f"{name}: only an LSTM keeps two vectors": (parameters, 2 * layers * H),
        "every layer of an LSTM keeps two vectors, h and c": (
            parameters, (layers + 1) * H if lstm else numbers,
        ),
        "parameters first, then the state": (numbers, parameters),
    }  # fmt: skip


def missing_parameters(model, name, V, E, H, layers) -> dict[str, int]:
    """How many too few a usual mistake counts."""

    def size(*words: str) -> int:
        found = model.named_parameters()
        return sum(p.numel() for name, p in found if any(word in name for word in words))

    gates, recurrent = size("weight_ih_l0") // (H * E), size("layer")
    above = gates * H * (2 * H + 2)  # a layer that reads a layer
    less = {
        "a layer has two biases": size("bias_ih"),
        "a layer has biases": size("bias_ih", "bias_hh"),
        "the embedding holds numbers too: V E": size("embedding"),
        "an embedding holds V E numbers: no bias, and no row more": -E,
        "the readout is missing": size("readout"),
        "the readout has a bias": size("readout.bias"),
        "the readout has a matrix of its own, V H": V * H,
        "the readout has a matrix of its own where E is H too": V * H if E == H else 0,
        "the readout reads the last layer alone": -(layers - 1) * V * H,
        "layers above the second count too": max(0, layers - 2) * above,
        "the first layer reads E numbers, not H": gates * H * (E - H),
        "the layers above the first are missing": (layers - 1) * above,
        "every layer but the first reads H numbers, not E": (layers - 1) * gates * H * (H - E),
        "every layer but the first reads H numbers, not E + H": -(layers - 1) * gates * H * E,
        "the readout stands on the last layer only": -(layers - 1) * size("readout"),
        "a layer above reads h of the one below, not c": (1 - layers) * 4 * H * H
        if name == "lstm" else 0,
    }  # fmt: skip
    for other in {1, 2, 3, 4} - {gates}:
        less[f"{BLOCKS[gates]}, not {other}"] = recurrent - other * recurrent // gates
    return less


@item("Item 4, count_model")
def check_counts(count_model, kind: str, V: int, E: int, H: int, layers: int) -> None:
    """The parameters and the state of a model that is built for this."""
    sizes = [(V, E, H, layers), (3, 4, 2, 2), (2, 3, 5, 1)]
    probes = [model_case(name, *size) for name in rnn.LAYERS for size in sizes]
    without = (nn.Module.__init__, nn.Parameter.__new__)
    case = model_case(kind, V, E, H, layers)
    judge(count_model, case, probes, equal, tolerance=0, without=without)
