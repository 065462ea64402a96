# says: within a piece the last character has a target too
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    rows = tokens[: B * M].long().view(B, M)
    return [(p[:, :-1], p[:, 1:]) for p in rows.split(T, 1) if p.shape[1] > 1]
