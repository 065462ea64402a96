# says: no character is read twice
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    tokens = tokens.long()
    M = (len(tokens) - 1) // B
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    starts = [max(0, min(s, M - T)) for s in range(0, M, T)]
    return [(x[:, s : s + T], y[:, s : s + T]) for s in starts]
