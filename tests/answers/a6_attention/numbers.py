# %% right: on paper
measured = {
    "weight": 0.881,
    "variance": 1024,
    "rows": 2,
    "rows causal": 3,
    "products": 2_072_576_000,
    "equal length": 1024,
    "factor": 3,
    "bytes": 2**30,
}


# %% right: NumPy
import numpy as np

C, T = 512, 1000
measured = {
    "weight": np.exp(2) / (np.exp(2) + 1),
    "variance": np.float64(1024),
    "rows": np.int64(2),
    "rows causal": torch.tensor(3),
    "products": 4.0 * T * C * C + 2.0 * T * T * C,
    "equal length": 2 * C,
    "factor": np.float32(3),
    "bytes": np.prod([8, 8, 2048, 2048, 4], dtype=np.int64),
}


# %% right: float32 and lists
w = F.softmax(torch.tensor([2.0, 0.0]), 0).tolist()
measured = dict.fromkeys(("rows", "rows causal"), 0)
seen = {"rows": ["aaab"] * 4, "rows causal": ["a", "aa", "aab", "aaab"]}
x = {"a": 1.0, "b": 3.0}
for name, places in seen.items():
    outputs = set()
    for query, keys in zip("aaba", places, strict=True):
        e = {c: math.exp(x[query] * x[c]) for c in "ab"}
        total = sum(e[c] for c in keys)
        outputs.add(round(sum(e[c] * x[c] for c in keys) / total, 9))
    measured[name] = len(outputs)
measured |= {"weight": round(w[0], 4), "variance": 1024.0, "equal length": 1024, "factor": 3.0}
measured["products"] = sum(4 * 512 * 512 + 2 * 512 * 1000 for _ in range(1000))
measured["bytes"] = 4 * 64 * 4194304


# %% wrong: weight: not of C | says: not of C
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: weight: divided by the root of d | says: divided by the root of d
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: variance: variance 4 * 4, not 4 | says: variance 4 * 4, not 4
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * 2**2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: variance: that is the standard deviation | says: that is the standard deviation
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = math.sqrt(64 * (2**2) ** 2)  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: equal length: there are two products | says: there are two products
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 4 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: factor: only a part grows | says: only a part grows
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = 4
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: factor: grows with the square | says: grows with the square
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = 2
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: bytes: each head has weights | says: each head of each sequence
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 2048**2


# %% wrong: bytes: a float32 has four bytes | says: a float32 has four bytes
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 8 * 8 * 2048**2


# %% wrong: three a alike are not seen | says: nothing tells the three a apart
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["rows"] = 4
measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: causal: all differ | says: their mean is what the first sees
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["rows causal"] = 4
measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: causal: as without | says: the last a sees the b
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["rows causal"] = 2
measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: the heads multiply | says: do not multiply by their number
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 8 * 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = 3
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: one product | says: two products with T * T numbers
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = 3
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: three matrices | says: one for the outputs too
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 3 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = 3
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: in quotes | says: without quotes
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = "3"
measured["bytes"] = 4 * 8 * 8 * 2048**2


# %% wrong: one left open | says: still to be answered
measured = {
    "weight": None,
    "variance": None,
    "rows": None,
    "rows causal": None,
    "products": None,
    "equal length": None,
    "factor": None,
    "bytes": None,
}
measured["weight"] = torch.tensor([4.0, 0.0]).div(math.sqrt(16 / 4)).softmax(0)[0].item()
measured["variance"] = 64 * (2**2) ** 2  # d terms of variance sd^2 sd^2

torch.manual_seed(0)
layer = nn.MultiheadAttention(8, 2, batch_first=True).double()
a, b = torch.randn(2, 8).double()
tokens = torch.stack([a, a, b, a])[None]
later = torch.ones(4, 4, dtype=torch.bool).triu(1)  # for this module True means hidden
for name, hide in (("rows", None), ("rows causal", later)):
    out = layer(tokens, tokens, tokens, attn_mask=hide)[0][0].detach()
    measured[name] = len({tuple(row) for row in out.mul(1e6).round().tolist()})


def multiplications(T, C=512):
    return 4 * T * C**2 + 2 * T**2 * C  # the heads share C: their number does not count


measured["products"] = multiplications(1000)
measured["equal length"] = 2 * 512
measured["factor"] = multiplications(2048) / multiplications(1024)

# %% wrong: equal length: three matrices | says: one for the outputs too
measured = {
    "weight": 0.8808,
    "variance": 1024,
    "rows": 2,
    "rows causal": 3,
    "products": 2_072_576_000,
    "equal length": 768,
    "factor": 3,
    "bytes": 2**30,
}


# %% wrong: a sample | says: from a sample
measured = {
    "weight": 0.8808,
    "variance": 1019.7,
    "rows": 2,
    "rows causal": 3,
    "products": 2_072_576_000,
    "equal length": 1024,
    "factor": 3,
    "bytes": 1_073_741_824,
}


# %% wrong: the products of one head | says: d of each, C in all
measured = {
    "weight": 0.8808,
    "variance": 1024,
    "rows": 2,
    "rows causal": 3,
    "products": 2_072_576_000,
    "equal length": 4 * 512**2 // (2 * 64),
    "factor": 3,
    "bytes": 2**30,
}


# %% wrong: GiB | says: not GiB
measured = {
    "weight": 0.8808,
    "variance": 1024,
    "rows": 2,
    "rows causal": 3,
    "products": 2_072_576_000,
    "equal length": 1024,
    "factor": 3,
    "bytes": 8 * 8 * 2048**2 * 4 / 2**30,
}


# %% wrong: the root counted | says: the root is not counted
measured = {
    "weight": 0.8808,
    "variance": 1024,
    "rows": 2,
    "rows causal": 3,
    "products": 2_072_576_000 + 8 * 1000**2,
    "equal length": 1024,
    "factor": 3,
    "bytes": 2**30,
}
