# says: view(B, M), not view(M, B).T
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    x = tokens[: B * M].long().view(M, B).T
    y = tokens[1 : B * M + 1].long().view(M, B).T
    return [(x[:, s : s + T], y[:, s : s + T]) for s in range(0, M, T)]
