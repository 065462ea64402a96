def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    starts = M * torch.arange(B)[:, None]
    pieces = []
    for s in range(0, M, T):
        at = starts + torch.arange(s, min(s + T, M))
        pieces.append((tokens[at].long(), tokens[at + 1].long()))
    return pieces
