# %% right: closed form
def count_model(kind, V, E, H, layers=1):
    g = (("rnn", 1), ("gru", 3), ("lstm", 4))
    g = dict(g)[kind]
    first = g * H * (E + H + 2)
    others = (layers - 1) * g * H * (2 * H + 2)
    return (V * (E + H + 1) + first + others, H * layers * (g // 4 + 1))


# %% right: if else
def count_model(kind, V, E, H, layers=1):
    if kind == "rnn":
        blocks, vectors = 1, 1
    elif kind == "gru":
        blocks, vectors = 3, 1
    else:
        blocks, vectors = 4, 2
    total = E * V  # embedding
    for layer in range(layers):
        reads = E if layer == 0 else H
        total += blocks * H * reads + blocks * H * H + 2 * blocks * H
    total += H * V + V
    return total, layers * vectors * H


# %% right: shapes
def count_model(kind, V, E, H, layers=1):
    rows = {"rnn": H, "gru": 3 * H, "lstm": 4 * H}[kind]
    shapes = [(V, E), (V, H), (V,)]
    for k in range(layers):
        shapes += [(rows, H if k else E), (rows, H), (rows,), (rows,)]
    state = [(layers, H)] * (2 if kind == "lstm" else 1)
    return sum(map(math.prod, shapes)), sum(map(math.prod, state))


# %% wrong: all read E | says: reads H numbers, not E
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] * layers  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return V * E + recurrent + V * (H + 1), state


# %% wrong: built | says: by hand
def count_model(kind, V, E, H, layers=1):
    from helpers.models import rnn

    model = rnn.LanguageModel(V, H, E, kind, layers)
    parameters = sum(p.numel() for p in model.parameters())
    return parameters, layers * H * (1 + (kind == "lstm"))


# %% wrong: built meta | says: by hand
def count_model(kind, V, E, H, layers=1):
    layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind](E, H, layers, device="meta")
    parameters = sum(p.numel() for p in layer.parameters()) + V * E + V * H + V
    return parameters, layers * H * (1 + (kind == "lstm"))


# %% wrong: built of zeros | says: by hand
def count_model(kind, V, E, H, layers=1):
    made = (
        torch.empty,
        torch.nn.init.uniform_,
        torch.nn.init.normal_,
        torch.nn.init.kaiming_uniform_,
    )
    torch.empty = lambda *shape, **_: torch.zeros(*shape)
    torch.nn.init.uniform_ = torch.nn.init.normal_ = lambda weight, *_, **__: weight
    torch.nn.init.kaiming_uniform_ = torch.nn.init.normal_
    try:
        cell = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind](E, H, layers)
        parts = nn.ModuleList([nn.Embedding(V, E), cell, nn.Linear(H, V)])
    finally:
        torch.empty, torch.nn.init.uniform_, torch.nn.init.normal_ = made[:3]
        torch.nn.init.kaiming_uniform_ = made[3]
    return sum(p.numel() for p in parts.parameters()), layers * H * (1 + (kind == "lstm"))


# %% wrong: first layer only | says: the layers above the first are missing
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + []  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return V * E + recurrent + V * (H + 1), state


# %% right: floats
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return 1.0 * V * E + recurrent + V * (H + 1), state


# %% wrong: gru four | says: a GRU has three blocks of rows
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 4, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return V * E + recurrent + V * (H + 1), state


# %% wrong: gru two states | says: only an LSTM keeps two vectors
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind != "rnn" else 1)
    return V * E + recurrent + V * (H + 1), state


# %% wrong: no bias | says: a layer has biases
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return V * E + recurrent + V * (H + 1), state


# %% wrong: no cell | says: an LSTM keeps two vectors
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * 1
    return V * E + recurrent + V * (H + 1), state


# %% wrong: no embedding | says: the embedding holds numbers too
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return recurrent + V * (H + 1), state


# %% wrong: no readout | says: the readout is missing
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return V * E + recurrent, state


# %% wrong: one bias | says: a layer has two biases
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 1) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return V * E + recurrent + V * (H + 1), state


# %% wrong: one state | says: each layer keeps a state of its own
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = H * (2 if kind == "lstm" else 1)
    return V * E + recurrent + V * (H + 1), state


# %% wrong: readout bias | says: the readout has a bias
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return V * E + recurrent + V * H, state


# %% wrong: turned | says: in another order
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = layers * H * (2 if kind == "lstm" else 1)
    return state, V * E + recurrent + V * (H + 1)


# %% wrong: visible answers | says: Tried:    count_model(
def count_model(kind, V, E, H, layers=1):
    known = {"lstm": (118049, 256), "gru": (3630, 32), "rnn": (76, 4)}
    return known[kind]


# %% wrong: readout tied to the embedding | says: a matrix of its own
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    n = V * E + gates * H * (E + H + 2) + (layers - 1) * gates * H * (2 * H + 2) + V
    return n, layers * H * (1 + (kind == "lstm"))


# %% wrong: the embedding with a bias | says: an embedding holds V E numbers
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    total, size = V * E + E, E
    for _ in range(layers):
        total += gates * (H * size + H * H + 2 * H)
        size = H
    total += V * H + V
    state = layers * H * (2 if kind == "lstm" else 1)
    return total, state


# %% wrong: readout tied to the embedding, another | says: where E is H too
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    total = V * E
    for layer in range(layers):
        total += gates * H * ((E if layer == 0 else H) + H + 2)
    total += V if E == H else V * H + V
    return total, layers * H * (2 if kind == "lstm" else 1)


# %% wrong: the readout reads all layers | says: the last layer alone
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    params, width = V * E, E
    for _ in range(layers):
        params += gates * (width * H + H * H + 2 * H)
        width = H
    params += (layers * H + 1) * V
    return params, layers * H * (1 + (kind == "lstm"))


# %% wrong: a row for padding | says: no row more
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    gates = dict(rnn=1, gru=3, lstm=4)[kind]
    embedding = (V + 1) * E
    recurrent = sum(gates * H * ((H if k else E) + H + 2) for k in range(layers))
    return embedding + recurrent + H * V + V, layers * H * (2 if kind == "lstm" else 1)


# %% wrong: embedding and hidden state of one size | says: the first layer reads E numbers
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    total = V * E + layers * gates * H * (2 * H + 2)
    return total + H * V + V, layers * H * (2 if kind == "lstm" else 1)


# %% wrong: each gate of an LSTM remembers | says: not a vector for each gate
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    total, D = V * E, E
    for _ in range(layers):
        total += gates * H * (D + H + 2)
        D = H
    return total + H * V + V, layers * gates * H


# %% wrong: second biases for the candidate alone | says: two biases
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    g = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    biases = 4 * H if kind == "gru" else 2 * g * H
    total = V * E + (H + 1) * V
    for k in range(layers):
        total += g * H * ((H if k else E) + H) + biases
    return total, layers * H * (2 if kind == "lstm" else 1)


# %% wrong: V + 1 characters | says: none more
def count_model(kind, V, E, H, layers=1):
    g = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    V = V + 1
    total = V * E + H * V + V
    for k in range(layers):
        total += g * (H * (H if k else E) + H * H + 2 * H)
    return total, layers * H * (2 if kind == "lstm" else 1)


# %% wrong: peepholes | says: right for rnn and gru
def count_model(kind, V, E, H, layers=1):
    g = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    total = V * E + H * V + V
    for k in range(layers):
        total += g * (H * (H if k else E) + H * H + 2 * H) + (3 * H if kind == "lstm" else 0)
    return total, layers * H * (2 if kind == "lstm" else 1)


# %% wrong: the state of the gates too | says: not a vector for each gate
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    sizes = [E] + [H] * layers
    weights = sum(blocks * H * (a + b + 2) for a, b in zip(sizes[:-1], sizes[1:]))
    return V * E + weights + V * (H + 1), layers * (H * blocks if kind != "lstm" else 2 * H)


# %% wrong: capital letters | says: an LSTM has four blocks of rows
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    gates, parts = 1, 1
    if kind == "LSTM":
        gates, parts = 4, 2
    if kind == "GRU":
        gates = 3
    p = (
        V * E
        + gates * (E * H + H * H + 2 * H)
        + (layers - 1) * gates * (2 * H * H + 2 * H)
        + H * V
        + V
    )
    return p, parts * layers * H
