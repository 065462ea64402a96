# %% right: loops
def induction_score(attention, tokens):
    text, scores = tokens.tolist(), []
    for head in attention:
        found = []
        for i, token in enumerate(text):
            places = [j + 1 for j in range(i) if text[j] == token]
            if places:
                found.append(sum(head[i, j].item() for j in places))
        scores.append(sum(found) / len(found) if found else 0.0)
    return torch.tensor(scores, dtype=attention.dtype)


# %% right: einsum
def induction_score(attention, tokens):
    T = len(tokens)
    same = (tokens[:, None] == tokens[None]) & (torch.arange(T)[None] < torch.arange(T)[:, None])
    after = F.pad(same, (1, 0))[:, :T].to(attention)
    return torch.einsum("hij,ij->h", attention, after) / same.any(1).sum().clamp(min=1)


# %% right: a list of tensors
def induction_score(attention, tokens):
    T = len(tokens)
    pairs = [(i, j + 1) for i in range(T) for j in range(i) if tokens[i] == tokens[j]]
    n = max(1, len({i for i, _ in pairs}))
    zero = torch.zeros((), dtype=attention.dtype)
    return [sum([head[i, j] for i, j in pairs], zero) / n for head in attention]


# %% wrong: the earlier place itself | says: the place after the earlier one
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = earlier
    again = earlier.any(1)
    if not again.any():
        return attention.new_zeros(len(attention))
    return (attention * sought).sum(-1)[:, again].mean(-1)


# %% wrong: the place before | says: not the one before it
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = F.pad(earlier, (0, 1))[:, 1:]
    again = earlier.any(1)
    if not again.any():
        return attention.new_zeros(len(attention))
    return (attention * sought).sum(-1)[:, again].mean(-1)


# %% wrong: the last occurrence only | says: not the last ones only
def induction_score(attention, tokens):
    text, found = tokens.tolist(), []
    for i, token in enumerate(text):
        if token in text[:i]:
            j = max(k for k in range(i) if text[k] == token)
            found.append(attention[:, i, j + 1])
    return torch.stack(found).mean(0) if found else attention.new_zeros(len(attention))


# %% wrong: the first occurrence only | says: not the first ones only
def induction_score(attention, tokens):
    text, found = tokens.tolist(), []
    for i, token in enumerate(text):
        if token in text[:i]:
            found.append(attention[:, i, text.index(token) + 1])
    return torch.stack(found).mean(0) if found else attention.new_zeros(len(attention))


# %% wrong: rows and columns exchanged | says: how much place i looks at place j
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = earlier.roll(1, dims=1)
    again = earlier.any(1)
    if not again.any():
        return attention.new_zeros(len(attention))
    return (attention.mT * sought).sum(-1)[:, again].mean(-1)


# %% wrong: the mean over all places | says: not over all
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = earlier.roll(1, dims=1)
    again = earlier.any(1)
    if not again.any():
        return attention.new_zeros(len(attention))
    return (attention * sought).sum(-1).mean(-1)


# %% wrong: the mean over pairs | says: the sum of the weights of one place
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = earlier.roll(1, dims=1)
    again = earlier.any(1)
    if not again.any():
        return attention.new_zeros(len(attention))
    return attention[:, sought].mean(-1)


# %% wrong: the sum | says: not the sum
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = earlier.roll(1, dims=1)
    again = earlier.any(1)
    if not again.any():
        return attention.new_zeros(len(attention))
    return (attention * sought).sum(-1)[:, again].sum(-1)


# %% wrong: one for all heads | says: one score for each head
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = earlier.roll(1, dims=1)
    again = earlier.any(1)
    if not again.any():
        return attention.new_zeros(len(attention))
    return (attention * sought).sum(-1)[:, again].mean()


# %% wrong: nan where none | says: not 0 / 0
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = earlier.roll(1, dims=1)
    again = earlier.any(1)
    return (attention * sought).sum(-1)[:, again].mean(-1)


# %% wrong: itself not counted | says: it counts
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens).tril(-1)
    sought = earlier.roll(1, dims=1).tril(-1)
    again = earlier.any(1)
    if not again.any():
        return attention.new_zeros(len(attention))
    return (attention * sought).sum(-1)[:, again].mean(-1)


# %% wrong: a text repeated in halves | says: Expected:
def induction_score(attention, tokens):
    half = len(tokens) // 2
    return attention.diagonal(1 - half, 1, 2).mean(-1)


# %% wrong: mean over places with weight | says: also those at which a head looks elsewhere
def induction_score(attention, tokens):
    T = tokens.shape[0]
    earlier = (tokens.view(T, 1) == tokens.view(1, T)) & (
        torch.arange(T).view(T, 1) > torch.arange(T)
    )
    sought = torch.cat([torch.zeros(T, 1, dtype=torch.bool), earlier[:, :-1]], dim=1)
    found = (attention * sought).sum(-1)
    return found.sum(-1) / (found > 0).sum(-1).clamp(min=1)


# %% wrong: tensors as keys | says: are never one key of a dict
def induction_score(attention, tokens):
    seen, sums = {}, []
    for i, token in enumerate(tokens):
        if token in seen:
            sums.append(sum(attention[:, i, j + 1] for j in seen[token]))
            seen[token].append(i)
        else:
            seen[token] = [i]
    if len(sums) == 0:
        return torch.zeros(attention.shape[0], dtype=attention.dtype)
    return torch.stack(sums).mean(0)


# %% wrong: the place before, where there is one | says: not the one before it
def induction_score(attention, tokens):
    h, T, _ = attention.shape
    total, count = attention.new_zeros(h), 0
    for i in range(T):
        sought = [j - 1 for j in range(1, i) if tokens[j] == tokens[i]]
        if sought:
            total = total + attention[:, i, sought].sum(-1)
            count += 1
    return total / max(count, 1)


# %% wrong: a mean of the places sought | says: no mean of them
def induction_score(attention, tokens):
    h, T, _ = attention.shape
    total, count = attention.new_zeros(h), 0
    for i in range(T):
        sought = [j + 1 for j in range(i) if tokens[j] == tokens[i]]
        if sought:
            total = total + attention[:, i, sought].mean(-1)
            count += 1
    return total / max(count, 1)


# %% wrong: i itself counts as earlier | says: stood there before i
def induction_score(attention, tokens):
    h, T, _ = attention.shape
    total, count = attention.new_zeros(h), 0
    for i in range(T):
        sought = [j + 1 for j in range(i + 1) if j + 1 < T and tokens[j] == tokens[i]]
        if sought:
            total = total + attention[:, i, sought].sum(-1)
            count += 1
    return total / max(count, 1)


# %% wrong: the largest of the weights | says: not the largest alone
def induction_score(attention, tokens):
    h, T, _ = attention.shape
    text = tokens.tolist()
    total, count = attention.new_zeros(h), 0
    for i in range(T):
        sought = [j + 1 for j in range(i) if text[j] == text[i]]
        if sought:
            count += 1
            total = total + attention[:, i, sought].amax(1)
    return total / max(count, 1)


# %% wrong: one number for all heads | says: one score for each head
def induction_score(attention, tokens):
    h, T, _ = attention.shape
    text = tokens.tolist()
    total, count = attention.new_zeros(h), 0
    for i in range(T):
        sought = [j + 1 for j in range(i) if text[j] == text[i]]
        if sought:
            count += 1
            total = total + attention[:, i, sought].sum(1)
    return (total / max(count, 1)).max()


# %% wrong: a single 0 | says: each head has the score 0
def induction_score(attention, tokens):
    earlier = (tokens[:, None] == tokens[None, :]).tril(-1)
    where = earlier.any(-1)
    if not where.any():
        return torch.tensor(0.0, dtype=attention.dtype)
    hits = (attention[:, :, 1:] * earlier[:, :-1]).sum(-1)
    return hits[:, where].mean(-1)


# %% wrong: rolled too early | says: roll brings the last column
def induction_score(attention, tokens):
    same = tokens[:, None] == tokens[None, :]
    sought = same.roll(1, dims=1).tril()
    where = same.tril(-1).any(1)
    hits = (attention * sought).sum(-1)
    return (hits * where).sum(-1) / where.sum().clamp(min=1)


# %% wrong: a table of 256 tokens | says: index
def induction_score(attention, tokens):
    after = [[] for _ in range(256)]
    rows = []
    for i, token in enumerate(tokens.tolist()):
        if after[token]:
            rows.append(attention[:, i, after[token]].sum(-1))
        after[token].append(i + 1)
    return torch.stack(rows).mean(0) if rows else attention.new_zeros(len(attention))


# %% wrong: later ones too | says: not later ones
def induction_score(attention, tokens):
    T = len(tokens)
    rows = []
    for i in range(T):
        places = [j + 1 for j in range(T - 1) if j != i and tokens[j] == tokens[i]]
        if any(tokens[j] == tokens[i] for j in range(i)):
            rows.append(attention[:, i, places].sum(-1))
    return torch.stack(rows).mean(0) if rows else attention.new_zeros(len(attention))


# %% wrong: the last two occurrences | says: not the last ones only
def induction_score(attention, tokens):
    from collections import defaultdict, deque

    last = defaultdict(lambda: deque(maxlen=2))
    total, count = attention.new_zeros(attention.shape[0]), 0
    for i, t in enumerate(tokens.tolist()):
        if last[t]:
            total += attention[:, i, [j + 1 for j in last[t]]].sum(1)
            count += 1
        last[t].append(i)
    return total / max(count, 1)


# %% wrong: a mean for each token | says: not the mean of each
def induction_score(attention, tokens):
    text, means = tokens.tolist(), []
    for t in dict.fromkeys(text):
        places = [i for i, other in enumerate(text) if other == t]
        found = [
            sum(attention[:, i, j + 1] for j in places[:n]) for n, i in enumerate(places) if n > 0
        ]
        if found:
            means.append(torch.stack(found).mean(0))
    return torch.stack(means).mean(0) if means else attention.new_zeros(len(attention))


# %% wrong: shifted before looking back | says: roll brings the last column
def induction_score(attention, tokens):
    same = (tokens[:, None] == tokens).fill_diagonal_(False)
    sought = same.roll(1, 1).tril()
    rows = (tokens[:, None] == tokens).tril(-1).any(1)
    if not rows.any():
        return torch.zeros_like(attention[:, 0, 0])
    return (attention * sought).sum(-1)[:, rows].mean(1)


# %% wrong: later occurrences count as well | says: earlier occurrences count
def induction_score(attention, tokens):
    T = len(tokens)
    same = (tokens[:, None] == tokens[None]) & ~torch.eye(T, dtype=torch.bool)
    i, j = same[:, :-1].nonzero(as_tuple=True)
    if len(i) == 0:
        return attention.new_zeros(len(attention))
    return attention[:, i, j + 1].sum(1) / len(i.unique())


# %% wrong: the diagonal of a doubled text | says: one diagonal holds
def induction_score(attention, tokens):
    T = len(tokens)
    if len(set(tokens.tolist())) == T:
        return attention.new_zeros(len(attention))
    half = T // 2
    return attention.diagonal(offset=1 - half, dim1=1, dim2=2).mean(1)
