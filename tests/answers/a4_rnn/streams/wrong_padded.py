# says: Expected:
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    x, y = (F.pad(part, (0, -M % T)) for part in (x, y))
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True))
