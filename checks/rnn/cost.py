"""Item 4: what a model costs, by its own tensors."""

from __future__ import annotations

import torch
from torch import nn

from checks.calls import Case, item, judge
from checks.compare import Wrong, equal
from checks.values import OneOf, alike
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
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[name]
    less = missing_parameters(model, name, V, E, H, layers)
    return {text: (parameters - n, numbers) for text, n in less.items()} | {
        "each layer keeps a state of its own": (parameters, numbers // layers),
        "each layer of an LSTM keeps a state of its own": (
            parameters, numbers // layers if lstm else numbers,
        ),
        "an LSTM keeps two vectors, h and c": (parameters, layers * H),
        "a state is h (of an LSTM h and c), not a vector for each gate": (
            (parameters, layers * H * gates) if not lstm
            else OneOf([(parameters, layers * H * gates), want])
        ),
        f"{name}: only an LSTM keeps two vectors": (parameters, 2 * layers * H),
        "every layer of an LSTM keeps two vectors, h and c": (
            parameters, (layers + 1) * H if lstm else numbers,
        ),
        "each block of rows has two biases, those of all gates too": OneOf(
            (parameters - layers * k * H, numbers) for k in range(gates)
        ),
        "V characters: none more for the unknown, the padding or the end": OneOf(
            (parameters + k * (E + H + 1), numbers) for k in (1, 2, 3)
        ),
        "the first layer reads the embedding, E numbers, not V": OneOf(
            (parameters + gates * H * (V - E) - embedding, numbers) for embedding in (0, V * E)
        ) if V != E else None,
        "a bias has a number for each row of its matrix": OneOf(
            (parameters - layers * 2 * (gates * H - few), numbers) for few in (1, gates)
        ),
        "numbers, not bytes": OneOf(
            pair for k in (4, 8)
            for pair in ((parameters, k * numbers), (k * parameters, k * numbers))
        ),
        "a state is what one stream keeps, not a batch of them, nor all its steps": OneOf(
            (parameters, numbers * k) for k in (V, E, 8, 16, 32, 64, 128)
        ),
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
    sizes = [(V, E, H, layers), (6, 5, 2, 2), (5, 7, 3, 1)]
    probes = [model_case(name, *size) for name in rnn.LAYERS for size in sizes]
    without = (nn.Module.__init__, nn.Parameter.__new__)
    case = model_case(kind, V, E, H, layers)
    try:
        judge(count_model, case, probes, equal, tolerance=0, without=without)
    except Wrong as wrong:
        if wrong.expected != "an answer by hand":
            wrong.likely = wrong.likely or where_right(count_model)
        raise


def where_right(count_model) -> str:
    """Of which nets a count that is wrong is right, where that says where to look."""
    sizes = (3, 4, 2, 1), (5, 3, 3, 1), (3, 4, 2, 2), (3, 2, 4, 2), (4, 3, 3, 3)
    cases = [model_case(name, *size) for name in rnn.LAYERS for size in sizes]
    try:
        fits = [(c.arguments, alike(count_model(*c.arguments), c.want, 0)) for c in cases]
    except Exception:
        return ""
    kinds = [n for n in rnn.LAYERS if all(fit for given, fit in fits if given[0] == n)]
    if kinds:
        return f"it is right for {' and '.join(kinds)}: look at what sets the others apart"
    if all(fit for given, fit in fits if given[4] == 1):
        return "it is right for one layer: look at those above it"
    same = all(fit for given, fit in fits if given[2] == given[3])
    return "it is right where E is H: look at what reads E numbers, and what reads H" * same
