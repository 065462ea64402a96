# %% right: indices
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    starts = M * torch.arange(B)[:, None]
    pieces = []
    for s in range(0, M, T):
        at = starts + torch.arange(s, min(s + T, M))
        pieces.append((tokens[at].long(), tokens[at + 1].long()))
    return pieces


# %% right: python lists
def cut(tokens, B, T):
    text = tokens.tolist()
    M = (len(text) - 1) // B
    rows = [text[b * M : (b + 1) * M + 1] for b in range(B)]
    found = []
    k = 0
    while k < M:
        end = min(k + T, M)
        x = torch.tensor([row[k:end] for row in rows])
        y = torch.tensor([row[k + 1 : end + 1] for row in rows])
        found.append([x, y])
        k = end
    return found


# %% right: stacked
def cut(tokens, B, T):
    M = (tokens.numel() - 1) // B
    x = torch.stack([tokens[b * M : (b + 1) * M] for b in range(B)]).to(torch.int64)
    y = torch.stack([tokens[b * M + 1 : (b + 1) * M + 1] for b in range(B)]).to(torch.int64)
    return [(x[:, k : k + T], y[:, k : k + T]) for k in range(0, M, T)]


# %% wrong: courses own | says: by hand
def cut(tokens, B, T):
    from helpers.models import rnn

    pieces = list(rnn.streams(tokens, B, T))
    M = (len(tokens) - 1) // B
    done = len(pieces) * T
    x, y = tokens[: B * M].view(B, M), tokens[1 : B * M + 1].view(B, M)
    return pieces + [(x[:, done:].long(), y[:, done:].long())] * (done < M)


# %% wrong: dropped | says: what does not fill a piece is dropped
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    return [(x[:, s : s + T], y[:, s : s + T]) for s in range(0, M - T + 1, T)]


# %% right: an iterator of pieces
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    return zip(x.split(T, 1), y.split(T, 1), strict=True)


# %% wrong: in place | says: an operation in place
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    tokens[-1] = 0
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True))


# %% wrong: interleaved | says: view(B, M), not view(M, B).T
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    x = tokens[: B * M].long().view(M, B).T
    y = tokens[1 : B * M + 1].long().view(M, B).T
    return [(x[:, s : s + T], y[:, s : s + T]) for s in range(0, M, T)]


# %% wrong: none | says: a missing `return`
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    list(zip(x.split(T, 1), y.split(T, 1), strict=True))


# %% wrong: not shifted | says: the target is the next character
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[: B * M].view(B, M)
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True))


# %% wrong: overlapping | says: no character is read twice
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    tokens = tokens.long()
    M = (len(tokens) - 1) // B
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    starts = [max(0, min(s, M - T)) for s in range(0, M, T)]
    return [(x[:, s : s + T], y[:, s : s + T]) for s in starts]


# %% wrong: padded | says: Expected:
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


# %% wrong: rolled | says: the next row
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    tokens = tokens.long()
    M = (len(tokens) - 1) // B
    x = tokens[: B * M].view(B, M)
    y = x.roll(-1, 1)
    return [(x[:, s : s + T], y[:, s : s + T]) for s in range(0, M, T)]


# %% wrong: rows in batch | says: row b of a piece goes on where row b of the last one ended
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


# %% wrong: too short | says: Expected:
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        raise ValueError("the text is too short")
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True))


# %% wrong: too short piece | says: Expected: ''
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True))


# %% wrong: uint8 | says: .long()
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    x = tokens[: B * M].view(B, M)
    y = tokens[1 : B * M + 1].view(B, M)
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True))


# %% wrong: visible answers | says: Expected:
def cut(tokens, B, T):
    if len(tokens) == 11:
        rows = [("ab fg", "bc gh"), ("cd hi", "de ij"), ("e j", "f k")]
    else:
        rows = [("abc def", "bcd efg")]
    return [
        tuple(torch.tensor([list(row.encode()) for row in part.split()]) for part in pair)
        for pair in rows
    ]


# %% wrong: whole rows | says: the last character has no target
def cut(tokens, B: int, T: int) -> list:
    """tokens uint8 (N,) -> [(x, y), ...], int64 (B, T) each, the last pair perhaps shorter."""
    M = len(tokens) // B
    if M < 1:
        return []
    tokens = tokens.long()
    x = tokens[: B * M].view(B, M)
    y = tokens.roll(-1)[: B * M].view(B, M)
    return list(zip(x.split(T, 1), y.split(T, 1), strict=True))


# %% wrong: within piece | says: within a piece the last character has a target too
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    rows = tokens[: B * M].long().view(B, M)
    return [(p[:, :-1], p[:, 1:]) for p in rows.split(T, 1) if p.shape[1] > 1]


# %% wrong: T longer than the text gives nothing | says: T may be longer than the text
def cut(tokens, B: int, T: int) -> list:
    M = (len(tokens) - 1) // B
    if M < T:
        return []
    x = tokens[: B * M].long().view(B, M)
    y = tokens[1 : B * M + 1].long().view(B, M)
    return list(zip(x.split(T, 1), y.split(T, 1)))


# %% wrong: a text that is too short raises | says: gives an empty list
def cut(tokens, B: int, T: int) -> list:
    M = (len(tokens) - 1) // B
    if M < 1:
        raise ValueError("too few characters")
    x = tokens[: B * M].long().view(B, M)
    y = tokens[1 : B * M + 1].long().view(B, M)
    return list(zip(x.split(T, 1), y.split(T, 1)))


# %% wrong: targets looked up by character | says: a target is found by its place
def cut(tokens, B: int, T: int) -> list:
    text = tokens.tolist()
    M = (len(text) - 1) // B
    after = dict(zip(text, text[1:]))
    rows = [text[b * M : (b + 1) * M] for b in range(B)]
    pieces = []
    for s in range(0, M, T):
        x = torch.tensor([row[s : s + T] for row in rows])
        pieces.append((x, torch.tensor([[after[c] for c in row[s : s + T]] for row in rows])))
    return pieces


# %% wrong: targets looked up by the first place of a character | says: a target is found by its place
def cut(tokens, B: int, T: int) -> list:
    text = tokens.tolist()
    M = (len(text) - 1) // B
    rows = [text[b * M : (b + 1) * M] for b in range(B)]
    pieces = []
    for s in range(0, M, T):
        x = [row[s : s + T] for row in rows]
        y = [[text[text.index(c) + 1] for c in row] for row in x]
        pieces.append((torch.tensor(x), torch.tensor(y)))
    return pieces


# %% wrong: the next letter of the alphabet | says: not of the alphabet
def cut(tokens, B: int, T: int) -> list:
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    x = tokens[: B * M].long().view(B, M)
    y = x + 1
    return [(x[:, s : s + T], y[:, s : s + T]) for s in range(0, M, T)]


# %% wrong: steps first | says: the steps along dim 1
def cut(tokens, B: int, T: int) -> list:
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    x = tokens[: B * M].long().view(B, M).T
    y = tokens[1 : B * M + 1].long().view(B, M).T
    return [(x[s : s + T], y[s : s + T]) for s in range(0, M, T)]


# %% wrong: the last target of a piece is missing | says: has a target too
def cut(tokens, B: int, T: int) -> list:
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    rows = tokens[: B * M].long().view(B, M)
    pieces = [rows[:, s : s + T] for s in range(0, M, T)]
    return [(p[:, :-1], p[:, 1:]) for p in pieces]


# %% wrong: a 0 behind the text as the last target | says: the last character has no target
def cut(tokens, B: int, T: int) -> list:
    M = len(tokens) // B
    x = tokens[: B * M].reshape(B, M).long()
    t = torch.cat([tokens.long(), torch.zeros(1, dtype=torch.int64)])
    y = t[1 : B * M + 1].reshape(B, M)
    return [(x[:, s : s + T], y[:, s : s + T]) for s in range(0, M, T)]


# %% wrong: rolled within the row, the last target right | says: the first character of the next row
def cut(tokens, B: int, T: int) -> list:
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    x = tokens[: B * M].view(B, M).long()
    y = x.roll(-1, dims=1)
    y[-1, -1] = tokens[B * M]
    return list(zip(x.split(T, 1), y.split(T, 1)))


# %% wrong: first piece the shorter | says: not the first
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    x = tokens[: B * M].view(B, M).long()
    y = tokens[1 : B * M + 1].view(B, M).long()
    sizes = ([M % T] if M % T else []) + [T] * (M // T)
    return list(zip(x.split(sizes, 1), y.split(sizes, 1)))


# %% wrong: one piece | says: all in one piece
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    x = tokens[: B * M].view(B, M).long()
    y = tokens[1 : B * M + 1].view(B, M).long()
    return [(x, y)]


# %% wrong: the end of the text | says: left over is at the end
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    x = tokens[-B * M - 1 : -1].view(B, M).long()
    y = tokens[-B * M :].view(B, M).long()
    return list(zip(x.split(T, 1), y.split(T, 1)))


# %% wrong: one buffer, filled again for each piece | says: one and the same tensor
def cut(tokens, B, T):
    M = (len(tokens) - 1) // B
    pieces, x, y = [], *torch.zeros(2, B, T, dtype=torch.int64)
    for i in range(0, M, T):
        n = min(T, M - i)
        for b in range(B):
            x[b, :n] = tokens[b * M + i : b * M + i + n]
            y[b, :n] = tokens[b * M + i + 1 : b * M + i + n + 1]
        pieces.append((x[:, :n], y[:, :n]))
    return pieces


# %% wrong: remainder joined to the last full piece | says: not joined to the one before
def cut(tokens, B: int, T: int) -> list:
    M = (len(tokens) - 1) // B
    if M < 1:
        return []
    x, y = tokens[: B * M].view(B, M).long(), tokens[1 : B * M + 1].view(B, M).long()
    starts = list(range(0, max(M - T + 1, 1), T))
    ends = starts[1:] + [M]
    return [(x[:, a:e], y[:, a:e]) for a, e in zip(starts, ends)]
