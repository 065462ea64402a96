# says: each layer keeps a state of its own
def count_model(kind: str, V: int, E: int, H: int, layers: int = 1) -> tuple[int, int]:
    """-> (parameters, numbers in the state of one stream)."""
    gates = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    widths = [E] + [H] * (layers - 1)  # what each layer reads
    recurrent = sum(gates * H * (width + H + 2) for width in widths)
    state = H * (2 if kind == "lstm" else 1)
    return V * E + recurrent + V * (H + 1), state
