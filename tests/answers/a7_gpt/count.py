# %% right: layer by layer
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    linear = lambda n, m, bias=True: n * m + m * bias
    norm, d, total = 2 * C, C // heads, (V + T) * C
    for _ in range(L):
        total += norm + linear(C, C) + 2 * linear(C, kv_heads * d) + linear(C, C)
        total += norm + linear(C, 4 * C) + linear(4 * C, C)
    total += norm + (not tied) * linear(C, V, False)
    return [total, T * L * kv_heads * d * 2]


# %% right: one formula
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    g = kv_heads * C // heads
    return (V * (2 - tied) + T) * C + L * (
        10 * C * C + 11 * C + 2 * g * (C + 1)
    ) + 2 * C, 2 * g * T * L


# %% right: numpy numbers
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return np.array([parameters, 2 * L * T * kv])


# %% right: from the lecture's count
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    lecture = V * C + T * C + L * (12 * C**2 + 13 * C) + 2 * C
    fewer = C - C // heads * kv_heads
    parameters = lecture - L * 2 * (C + 1) * fewer + (0 if tied else V * C)
    return parameters, 2 * L * T * (C - fewer)


# %% wrong: keys of all heads | says: keys and values have kv_heads heads
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * C + C)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return parameters, 2 * L * T * kv


# %% wrong: queries few too | says: the queries have all heads
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = (C * C + C) + 3 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return parameters, 2 * L * T * kv


# %% wrong: no biases | says: the biases are missing
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    block = 2 * C * C + 2 * C * kv + 8 * C * C + 2 * C
    return V * C * (1 if tied else 2) + T * C + L * block + C, 2 * L * T * kv


# %% wrong: tied counted twice | says: they count once
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + V * C
    return parameters, 2 * L * T * kv


# %% wrong: untied counted once | says: has weights of its own
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C
    return parameters, 2 * L * T * kv


# %% wrong: no places | says: the places have an embedding too
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + L * block + 2 * C + (0 if tied else V * C)
    return parameters, 2 * L * T * kv


# %% wrong: no last norm | says: the norm after the last block
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + (0 if tied else V * C)
    return parameters, 2 * L * T * kv


# %% wrong: bias of the readout | says: the readout has no bias
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + V + 2 * C + (0 if tied else V * C)
    return parameters, 2 * L * T * kv


# %% wrong: norms without bias | says: a weight and a bias
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 2 * C
    parameters = V * C + T * C + L * block + C + (0 if tied else V * C)
    return parameters, 2 * L * T * kv


# %% wrong: one block | says: there are L blocks
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + block + 2 * C + (0 if tied else V * C)
    return parameters, 2 * L * T * kv


# %% wrong: only keys | says: keys and values: two of them
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return parameters, L * T * kv


# %% wrong: cache of all heads | says: d numbers each
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return parameters, 2 * L * T * C


# %% wrong: cache of one layer | says: of every layer
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return parameters, 2 * T * kv


# %% wrong: cache in bytes | says: numbers, not bytes
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return parameters, 2 * L * T * kv * 4


# %% wrong: floats | says: np.zeros, not of //
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C / heads * kv_heads
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    feed_forward = 4 * C * C + 4 * C + 4 * C * C + C
    block = attention + feed_forward + 4 * C
    parameters = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return parameters, 2 * L * T * kv


# %% wrong: kept from the first call | says: Expected:
KEPT = {}


def count_gpt(V, T, C, L, heads, kv_heads, tied):
    if (V, T, C) not in KEPT:
        kv = C // heads * kv_heads
        block = 2 * (C * C + C) + 2 * (C * kv + kv) + 8 * C * C + 9 * C
        KEPT[V, T, C] = V * C + T * C + L * block + 2 * C + (0 if tied else V * C), 2 * L * T * kv
    return KEPT[V, T, C]


# %% wrong: the net is built | says: Came:
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    from torch import nn

    kv = C // heads * kv_heads
    block = [nn.Linear(C, kv), nn.Linear(C, kv), nn.Linear(C, C), nn.Linear(C, C)]
    block += [nn.Linear(C, 4 * C), nn.Linear(4 * C, C), nn.LayerNorm(C), nn.LayerNorm(C)]
    size = sum(p.numel() for layer in block for p in layer.parameters())
    return (V * (2 - tied) + T) * C + L * size + 2 * C, 2 * L * T * kv


# %% wrong: biases of C | says: those of keys and values too
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    kv = kv_heads * (C // heads)
    block = 10 * C * C + 2 * C * kv + 2 * C + 7 * C + 4 * C
    return V * C * (1 if tied else 2) + T * C + L * block + 2 * C, 2 * L * T * kv


# %% right: tensors of one number
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    d = C // heads
    parameters = (
        (1 if tied else 2) * V * C
        + T * C
        + 2 * C
        + L * (10 * C * C + 11 * C + 2 * d * kv_heads * (C + 1))
    )
    return [torch.tensor(parameters), torch.tensor(2 * L * T * kv_heads * d)]


# %% wrong: groups rounded down | says: kv_heads need not divide heads
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    n_rep = heads // kv_heads
    kv_dim = C // n_rep
    attention = C * C + C + 2 * (C * kv_dim + kv_dim) + C * C + C
    mlp = C * 4 * C + 4 * C + 4 * C * C + C
    total = V * C + T * C + L * (attention + mlp + 4 * C) + 2 * C
    if not tied:
        total += V * C
    return total, 2 * L * T * kv_dim


# %% wrong: gated | says: no third
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    attention = 2 * (C * C + C) + 2 * kv * (C + 1)
    feed_forward = 2 * (C * 4 * C + 4 * C) + 4 * C * C + C
    total = V * C + T * C + L * (attention + feed_forward + 4 * C) + 2 * C
    if tied is False:
        total += V * C
    return total, 2 * L * T * kv


# %% wrong: all biases of C | says: here all biases have C
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv_dim = C * kv_heads // heads
    weights = C * C + 2 * C * kv_dim + C * C + 4 * C * C + 4 * C * C
    biases = 6 * C
    params = V * C + T * C + L * (weights + biases + 2 * 2 * C) + 2 * C + (not tied) * V * C
    return params, 2 * L * T * kv_dim


# %% wrong: one norm a block | says: a block has two norms
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    d = C // heads
    kv = kv_heads * d
    attention = (C * C + C) + 2 * (C * kv + kv) + (C * C + C)
    feed = (C * 4 * C + 4 * C) + (4 * C * C + C)
    norms = 2 * C
    parameters = V * C + T * C + L * (attention + feed + norms) + 2 * C
    if not tied:
        parameters += V * C
    return parameters, 2 * L * T * kv


# %% wrong: no second bias | says: both layers of the feed-forward net have biases
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    d = C // heads
    kv = kv_heads * d
    attention = (C * C + C) + 2 * (C * kv + kv) + (C * C + C)
    feed = (C * 4 * C + 4 * C) + 4 * C * C
    norms = 2 * 2 * C
    parameters = V * C + T * C + L * (attention + feed + norms) + 2 * C
    if not tied:
        parameters += V * C
    return parameters, 2 * L * T * kv


# %% wrong: d of C over kv_heads | says: all of C / heads numbers
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    d = C // kv_heads
    kv = kv_heads * d
    attention = (C * C + C) + 2 * (C * kv + kv) + (C * C + C)
    feed = (C * 4 * C + 4 * C) + (4 * C * C + C)
    norms = 2 * 2 * C
    parameters = V * C + T * C + L * (attention + feed + norms) + 2 * C
    if not tied:
        parameters += V * C
    return parameters, 2 * L * T * kv


# %% wrong: no biases in keys and values | says: of keys and of values have biases
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    K = kv_heads * (C // heads)
    attention = (C * C + C) + 2 * (C * K) + (C * C + C)
    feed = C * 4 * C + 4 * C + 4 * C * C + C
    norms = 2 * 2 * C
    total = V * C + T * C + L * (attention + feed + norms) + 2 * C
    if not tied:
        total += V * C
    return total, 2 * L * T * K


# %% wrong: the last token has no key | says: the last one too
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    kv = C // heads * kv_heads
    block = 4 * C + 2 * (C * C + C) + 2 * (C * kv + kv) + 8 * C * C + 5 * C
    return V * C + T * C + L * block + 2 * C + (0 if tied else V * C), 2 * L * (T - 1) * kv


# %% wrong: refuses what does not divide | says: the answer itself refuses
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    assert C % heads == 0 and heads % kv_heads == 0
    kv = C // heads * kv_heads
    block = 4 * C + 2 * (C * C + C) + 2 * (C * kv + kv) + 8 * C * C + 5 * C
    return V * C + T * C + L * block + 2 * C + (0 if tied else V * C), 2 * L * T * kv


# %% wrong: the next smaller divisor | says: need not divide
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    while heads % kv_heads:
        kv_heads -= 1
    kv = kv_heads * (C // heads)
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    block = attention + 8 * C * C + 5 * C + 4 * C
    return V * C * (1 if tied else 2) + T * C + L * block + 2 * C, 2 * L * T * kv


# %% wrong: a share cut to a whole number | says: lies just below
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    share = 0.0
    for _ in range(kv_heads):
        share += 1 / heads
    kv = int(C * share)
    attention = 2 * (C * C + C) + 2 * (C * kv + kv)
    block = attention + 8 * C * C + 5 * C + 4 * C
    return V * C * (1 if tied else 2) + T * C + L * block + 2 * C, 2 * L * T * kv


# %% wrong: a conditional that takes the whole sum | says: all or nothing
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    width = kv_heads * (C // heads)
    attention = 2 * (C * C + C) + 2 * (C * width + width)
    block = 4 * C + attention + (4 * C * C + 4 * C) + (4 * C * C + C)
    return V * C + T * C + L * block + 2 * C + V * C if not tied else 0, 2 * L * T * width


# %% wrong: a conditional that takes the sum with it, blocks left | says: is all or nothing
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    d = C // heads
    kv = kv_heads * d
    block = 4 * C + 2 * (C * C + C) + 2 * (C * kv + kv) + (4 * C * C + 4 * C) + (4 * C * C + C)
    outside = V * C + T * C + 2 * C + V * C if not tied else 0
    return L * block + outside, 2 * L * T * kv


# %% wrong: no biases of keys, queries and values | says: queries, keys and values have biases
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    block = 2 * (C * C) + C + 2 * C * kv + 8 * C * C + 5 * C + 4 * C
    return V * C * (1 if tied else 2) + T * C + L * block + 2 * C, 2 * L * T * kv


# %% wrong: no biases of all of attention | says: the four layers of attention have biases
def count_gpt(V, T, C, L, heads, kv_heads, tied):
    kv = C // heads * kv_heads
    block = 2 * C * C + 2 * C * kv + 8 * C * C + 5 * C + 4 * C
    return V * C * (1 if tied else 2) + T * C + L * block + 2 * C, 2 * L * T * kv


# %% wrong: groups and heads exchanged | says: not heads // kv_heads of them
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    kv = heads // kv_heads * (C // heads)
    block = 2 * C + C * C + C + 2 * (C * kv + kv) + C * C + C + 2 * C + 8 * C * C + 5 * C
    total = V * C + T * C + L * block + 2 * C + (0 if tied else V * C)
    return total, 2 * L * T * kv


# %% wrong: one bias of C for the feed-forward net | says: of 4 C and of C numbers
def count_gpt(V: int, T: int, C: int, L: int, heads: int, kv_heads: int, tied: bool):
    kv = C // heads * kv_heads
    attention = C * C + C + 2 * (C * kv + kv) + C * C + C
    feed = 2 * (4 * C * C + C)
    total = (V + T) * C + L * (4 * C + attention + feed) + 2 * C
    if not tied:
        total += V * C
    return total, 2 * T * L * kv
