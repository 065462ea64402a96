# says: row b of a piece goes on where row b of the last one ended
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    tokens = tokens.long()
    pieces, place = [], 0
    for s in range(0, M, T):
        n = min(T, M - s)
        x = tokens[place : place + B * n].view(B, n)
        y = tokens[place + 1 : place + B * n + 1].view(B, n)
        pieces.append((x, y))
        place += B * n
    return pieces
