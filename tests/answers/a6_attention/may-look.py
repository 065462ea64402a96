# %% right: loops
def may_look(lengths, T, S, causal):
    rows = []
    for n in lengths.tolist():
        rows.append(
            [[s < n and (not causal or s <= S - T + t) for s in range(S)] for t in range(T)]
        )
    return torch.tensor(rows, dtype=torch.bool).view(len(lengths), T, S)


# %% right: tril
def may_look(lengths, T, S, causal):
    mask = torch.ones(len(lengths), T, S, dtype=torch.bool)
    if causal:
        mask = mask.tril(diagonal=S - T)
    inside = torch.arange(S).expand(len(lengths), S) < lengths.unsqueeze(1)
    return mask & inside.unsqueeze(1)


# %% right: NumPy
import numpy as np


def may_look(lengths, T, S, causal):
    s = np.arange(S)[None, None]
    t = np.arange(T)[None, :, None] + S - T
    inside = np.broadcast_to(s < lengths.numpy()[:, None, None], (len(lengths), T, S))
    return inside & (s <= t) if causal else inside


# %% wrong: turned round | says: the mask is turned round
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return ~mask


# %% wrong: top left (pytorch 144858) | says: the last T of the S places
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(T)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return mask


# %% wrong: not its own place | says: its own place too
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place < own)
    return mask


# %% wrong: one later too | says: no further than its own place
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own + 1)
    return mask


# %% wrong: past hidden | says: hides the past
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place >= own)
    return mask


# %% wrong: no padding | says: the padding is not hidden
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < S + 0 * lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return mask


# %% wrong: never causal | says: the future is not hidden
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if False:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return mask


# %% wrong: always causal | says: only if causal is True
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if True:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return mask


# %% wrong: or | says: both must allow it
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask | (place <= own)
    return mask


# %% wrong: one key too many | says: < lengths, not <=
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place <= lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return mask


# %% wrong: padding in front | says: not at the beginning
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place >= S - lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return mask


# %% wrong: the longest | says: a length of its own
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths.max().expand_as(lengths)[:, None])[:, None].expand(
        -1, T, -1
    )  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return mask


# %% wrong: added to scores | says: dtype
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None].expand(-1, T, -1)  # (B, T, S)
    if causal:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return torch.zeros(mask.shape).masked_fill(~mask, -math.inf)


# %% wrong: for one query | says: one row for each query
def may_look(lengths, T: int, S: int, causal: bool):
    """lengths int64 (B,) -> bool (B, T, S), True where query t may look at key s."""
    place = torch.arange(S)
    mask = (place < lengths[:, None])[:, None]  # (B, T, S)
    if causal and T > 1:
        own = torch.arange(S - T, S)[:, None]  # (T, 1)
        mask = mask & (place <= own)
    return mask


# %% wrong: queries of padding see nothing | says: not hidden for its length
def may_look(lengths, T, S, causal):
    inside = torch.arange(S) < lengths[:, None]
    mask = inside[:, None] & inside[:, S - T :, None]
    return mask.tril(S - T) if causal else mask


# %% wrong: the helpers | says: Expected:
def may_look(lengths, T, S, causal):
    from helpers.models.attention import causal_mask, padding_mask

    mask = padding_mask(lengths, S).expand(-1, T, -1)
    return mask & causal_mask(T, S) if causal else mask


# %% wrong: diagonal T - S | says: its diagonal is S - T
def may_look(lengths, T: int, S: int, causal: bool):
    mask = (torch.arange(S) < lengths[:, None])[:, None, :].repeat(1, T, 1)
    return mask.tril(diagonal=T - S) if causal else mask


# %% wrong: counted back from lengths[b] | says: whatever lengths[b] is
def may_look(lengths, T: int, S: int, causal: bool):
    keys = torch.arange(S)
    mask = (keys < lengths[:, None])[:, None, :].repeat(1, T, 1)
    if causal:
        own = lengths[:, None] - T + torch.arange(T)
        mask = mask & (keys <= own[:, :, None])
    return mask


# %% wrong: kept by its shape | says: Expected:
_kept = {}


def may_look(lengths, T: int, S: int, causal: bool):
    key = (len(lengths), T, S, causal)
    if key not in _kept:
        mask = (torch.arange(S) < lengths[:, None])[:, None].repeat(1, T, 1)
        _kept[key] = mask.tril(S - T) if causal else mask
    return _kept[key]


# %% wrong: as many keys as the longest | says: not as many as the longest sequence has
def may_look(lengths, T: int, S: int, causal: bool):
    width = int(lengths.max())
    key = torch.arange(width)
    mask = (key < lengths[:, None])[:, None].expand(-1, T, -1)
    if causal:
        place = torch.arange(S - T, S)
        mask = mask & (key <= place[:, None])
    return mask


# %% wrong: one key for everybody | says: a sequence without keys has none
def may_look(lengths, T: int, S: int, causal: bool):
    lengths = lengths.clamp(min=1)
    mask = (torch.arange(S)[None] < lengths[:, None])[:, None].repeat(1, T, 1)
    if causal:
        mask = mask & torch.ones(T, S, dtype=torch.bool).tril(S - T)
    return mask


# %% wrong: a negative slice | says: the slice [-0:] is all of it
def may_look(lengths, T: int, S: int, causal: bool):
    B = lengths.shape[0]
    mask = torch.ones(B, T, S, dtype=torch.bool)
    for b in range(B):
        padding = S - int(lengths[b])
        mask[b, :, -padding:] = False
    if causal:
        mask &= torch.ones(T, S, dtype=torch.bool).tril(diagonal=S - T)
    return mask


# %% wrong: a single query sees all | says: a single query sees no padding
def may_look(lengths, T: int, S: int, causal: bool):
    if T == 1:
        return torch.ones(len(lengths), 1, S, dtype=torch.bool)
    s = torch.arange(S)
    mask = (s < lengths[:, None])[:, None].repeat(1, T, 1)
    if causal:
        mask = mask & (s <= (torch.arange(T) + S - T)[:, None])
    return mask


# %% wrong: no padding where it is causal | says: both at once
def may_look(lengths, T: int, S: int, causal: bool):
    s = torch.arange(S)
    if causal:
        return (s <= (torch.arange(T) + S - T)[:, None]).repeat(len(lengths), 1, 1)
    return (s < lengths[:, None])[:, None].repeat(1, T, 1)


# %% wrong: causal only with as many queries as places | says: fewer queries than places
def may_look(lengths, T: int, S: int, causal: bool):
    mask = (torch.arange(S) < lengths[:, None])[:, None].repeat(1, T, 1)
    if causal and T == S:
        mask &= torch.ones(T, T, dtype=torch.bool).tril()
    return mask


# %% wrong: the end of the longest sequence | says: whatever lengths[b] is
def may_look(lengths, T: int, S: int, causal: bool):
    s = torch.arange(S)
    longest = int(lengths.max())
    mask = (s < lengths[:, None])[:, None].repeat(1, T, 1)
    if causal:
        place = longest - T + torch.arange(T)
        mask &= s <= place[:, None]
    return mask


# %% wrong: the key before the first | says: the end of the row
def may_look(lengths, T: int, S: int, causal: bool):
    last = torch.zeros(len(lengths), S, dtype=torch.int64)
    last[torch.arange(len(lengths)), lengths - 1] = 1
    real = last.flip(1).cumsum(1).flip(1) > 0
    mask = real[:, None].repeat(1, T, 1)
    return mask & torch.ones(T, S, dtype=torch.bool).tril(S - T) if causal else mask


# %% wrong: pad_sequence alone decides how many keys | says: as many as the longest sequence
def may_look(lengths, T: int, S: int, causal: bool):
    rows = [torch.ones(n, dtype=torch.bool) for n in lengths.tolist()]
    keys = nn.utils.rnn.pad_sequence(rows, batch_first=True)  # (B, S)
    mask = keys[:, None].repeat(1, T, 1)
    if causal:
        mask = mask & torch.ones(T, keys.shape[1], dtype=torch.bool).tril(keys.shape[1] - T)
    return mask


# %% wrong: lengths measured on the queries | says: from the first of the S places
def may_look(lengths, T: int, S: int, causal: bool):
    t = torch.arange(T)[None, :, None]
    s = torch.arange(S)[None, None, :] - (S - T)
    mask = (s < lengths[:, None, None]) & (t >= 0)
    if causal:
        mask = mask & (s <= t)
    return mask


# %% wrong: a product of numbers | says: is no mask: & and |
def may_look(lengths, T: int, S: int, causal: bool):
    own = (torch.arange(S)[None, None, :] < lengths[:, None, None]).expand(len(lengths), T, S)
    order = torch.tril(torch.ones(T, S, dtype=torch.int64), S - T) if causal else 1
    return own * order
