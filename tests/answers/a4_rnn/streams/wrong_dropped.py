# says: what does not fill a piece is dropped
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    return [(x[:, s : s + T], y[:, s : s + T]) for s in range(0, M - T + 1, T)]
