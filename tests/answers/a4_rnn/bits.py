# %% right: eval mode helper
from helpers.training import eval_mode


@torch.no_grad()
def bits_per_character(model, tokens, T):
    state, found = None, []
    with eval_mode(model):
        for start in range(0, len(tokens) - 1, T):
            y = tokens[start + 1 : start + T + 1]
            logits, state = model(tokens[None, start : start + len(y)], state)
            p = logits[0].softmax(1)[torch.arange(len(y)), y]
            found.append(-p.log2())
    return torch.cat(found).mean().item()


# %% right: one by one
def bits_per_character(model, tokens, T):
    mode, state, total = model.training, None, 0.0
    model.eval()
    with torch.inference_mode():
        for now, following in zip(tokens[:-1], tokens[1:], strict=False):
            logits, state = model(now.view(1, 1), state)
            total -= logits[0, 0].log_softmax(0)[following].item()
    model.train(mode)
    return total / math.log(2) / (len(tokens) - 1)


# %% right: weighted
def bits_per_character(model, tokens, T):
    modes = {m: m.training for m in model.modules()}
    x, y = tokens[:-1], tokens[1:]
    model.train(False)
    mean, done, state = 0.0, 0, None
    try:
        with torch.no_grad():
            while done < len(x):
                piece = slice(done, done + T)
                logits, state = model(x[piece].unsqueeze(0), state)
                n = logits.shape[1]
                mean += n * F.cross_entropy(logits.transpose(1, 2), y[piece][None]).item()
                done += n
    finally:
        for m, mode in modes.items():
            m.training = mode
    return mean / len(x) * math.log2(math.e)


# %% wrong: always train | says: put it back
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train()
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: at once | says: at a time
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    with torch.no_grad():
        logits, _ = model(tokens[None, :-1])
    model.train(mode)
    return F.cross_entropy(logits[0], tokens[1:]).item() / math.log(2)


# %% wrong: blank | says: the state is not carried
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None])  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train(was_training)
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: courses own | says: by hand
def bits_per_character(model, tokens, T):
    from helpers.models import rnn

    return rnn.bits_per_character(model, tokens, 1)


# %% wrong: divided by N | says: the first has nothing before it
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train(was_training)
    return total / len(tokens) / math.log(2)


# %% wrong: first judged | says: the first character is not judged
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        x, y = F.pad(tokens[:-1], (1, 0)), tokens
        for s in range(0, len(x), T):
            logits, state = model(x[None, s : s + T], state)
            total += F.cross_entropy(logits[0], y[s : s + T], reduction="sum").item()
    model.train(was)
    return total / len(x) / math.log(2)


# %% wrong: graph | says: torch.no_grad() around the calls of the net
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    if True:
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train(was_training)
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: inside | says: it was never called
def bits_per_character(model, tokens, T):
    with torch.no_grad():
        logits, _ = model.net(tokens[None, :-1])
    return F.cross_entropy(logits[0], tokens[1:]).item() / math.log(2)


# %% wrong: itself | says: speak of the next one
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x in tokens.split(T):
            logits, state = model(x[None], state)
            total += F.cross_entropy(logits[0], x, reduction="sum").item()
    model.train(mode)
    return total / len(tokens) / math.log(2)


# %% wrong: last left out | says: the last, shorter piece is left out
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    total, count, state = 0.0, 0, None
    with torch.no_grad():
        for k in range((len(tokens) - 1) // T):
            x, y = tokens[k * T : (k + 1) * T], tokens[k * T + 1 : (k + 1) * T + 1]
            logits, state = model(x[None], state)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
            count += T
    model.train(mode)
    return total / count / math.log(2)


# %% wrong: left in eval | says: put it back
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: mean of means | says: sum over characters, then divide once
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    means, state = [], None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=False):
            logits, state = model(x[None], state)
            means.append(F.cross_entropy(logits[0], y).item() / math.log(2))
    model.train(mode)
    return sum(means) / len(means)


# %% wrong: nats | says: this is in nats
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train(was_training)
    return total / (len(tokens) - 1)


# %% wrong: pieces lose one | says: each later piece begins with the last target
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    total, count, state = 0.0, 0, None
    with torch.no_grad():
        for piece in tokens.split(T):
            if len(piece) > 1:  # the last of each piece is no target and no input
                logits, state = model(piece[None, :-1], state)
                total += F.cross_entropy(logits[0], piece[1:], reduction="sum").item()
                count += len(piece) - 1
    model.train(mode)
    return total / count / math.log(2)


# %% wrong: pieces unjudged | says: the first character of each later piece
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was = model.training
    model.eval()
    total, count, state = 0.0, 0, None
    with torch.no_grad():
        for piece in tokens.split(T):
            logits, state = model(piece[None], state)
            total += F.cross_entropy(logits[0, :-1], piece[1:], reduction="sum").item()
            count += len(piece) - 1
    model.train(was)
    return total / count / math.log(2)


# %% wrong: sign | says: minus 1: the sign
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train(was_training)
    return -total / (len(tokens) - 1) / math.log(2)


# %% wrong: softmax twice | says: no softmax before it
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0].softmax(-1), y, reduction="sum").item()
    model.train(was_training)
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: summed | says: not the sum
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train(was_training)
    return total / math.log(2)


# %% wrong: tensor | says: with .item()
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum")
    model.train(was_training)
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: training | says: model.eval() first
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train(was_training)
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: gradients on at the end, whatever they were | says: gradients on or off
def bits_per_character(model, tokens, T: int) -> float:
    was, state, total = model.training, None, 0.0
    model.eval()
    torch.set_grad_enabled(False)
    for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T)):
        logits, state = model(x[None], state)
        total += F.cross_entropy(logits[0], y, reduction="sum").item()
    torch.set_grad_enabled(True)
    model.train(was)
    return total / (len(tokens) - 1) / math.log(2)


# %% right: a copy is measured
def bits_per_character(model, tokens, T: int) -> float:
    import copy

    twin, state, total = copy.deepcopy(model).eval(), None, 0.0
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T)):
            logits, state = twin(x[None], state)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: the outer flag alone is cleared | says: model.eval() first
@torch.no_grad()
def bits_per_character(model, tokens, T: int) -> float:
    was, model.training = model.training, False
    state, total = None, 0.0
    for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T)):
        logits, state = model(x[None], state)
        total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.training = was
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: every piece counted as T characters | says: its own characters
def bits_per_character(model, tokens, T: int) -> float:
    was_training = model.training
    model.eval()
    nats, state = 0.0, None
    with torch.no_grad():
        for s in range(0, len(tokens) - 1, T):
            y = tokens[s + 1 : s + T + 1]
            x = tokens[s : s + len(y)]
            logits, state = model(x.unsqueeze(0), state)
            nats += F.cross_entropy(logits.squeeze(0), y).item() * T
    model.train(was_training)
    return nats / (len(tokens) - 1) / math.log(2)


# %% wrong: the mean of the probabilities | says: not the logarithm of the mean
def bits_per_character(model, tokens, T: int) -> float:
    mode = model.training
    model.eval()
    chances, state = [], None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T)):
            logits, state = model(x[None], state)
            chances.append(F.softmax(logits[0], dim=-1).gather(1, y[:, None]))
    model.train(mode)
    return -math.log2(torch.cat(chances).mean().item())


# %% wrong: every character from the T before it, from a blank state | says: here the last T alone
def bits_per_character(model, tokens, T: int) -> float:
    was, total = model.training, 0.0
    model.eval()
    with torch.no_grad():
        for k in range(1, len(tokens)):
            logits, _ = model(tokens[None, max(k - T, 0) : k], None)
            total -= logits[0, -1].log_softmax(0)[tokens[k]].item()
    model.train(was)
    return total / (len(tokens) - 1) / math.log(2)


# %% wrong: parameters left frozen | says: a freeze that is not undone
def bits_per_character(model, tokens, T: int) -> float:
    was = model.training
    model.eval()
    total, state, N = 0.0, None, len(tokens)
    model.requires_grad_(False)
    if True:
        for s in range(0, N - 1, T):
            x, y = tokens[s : min(s + T, N - 1)], tokens[s + 1 : s + T + 1]
            logits, state = model(x[None], state)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
    model.train(was)
    return total / (N - 1) / math.log(2)


# %% wrong: a tensor of one number | says: .item()
def bits_per_character(model, tokens, T: int) -> float:
    was = model.training
    model.eval()
    total, state, N = torch.zeros(()), None, len(tokens)
    with torch.no_grad():
        for s in range(0, N - 1, T):
            x, y = tokens[s : min(s + T, N - 1)], tokens[s + 1 : s + T + 1]
            logits, state = model(x[None], state)
            total += F.cross_entropy(logits[0], y, reduction="sum")
    model.train(was)
    return total / (N - 1) / math.log(2)


# %% right: parameters frozen in the meantime, and as they were afterwards
def bits_per_character(model, tokens, T: int) -> float:
    was, learns = model.training, [p.requires_grad for p in model.parameters()]
    model.eval().requires_grad_(False)
    total, state, N = 0.0, None, len(tokens)
    for s in range(0, N - 1, T):
        x, y = tokens[s : min(s + T, N - 1)], tokens[s + 1 : s + T + 1]
        logits, state = model(x[None], state)
        total += F.cross_entropy(logits[0], y, reduction="sum").item()
    for p, r in zip(model.parameters(), learns):
        p.requires_grad_(r)
    model.train(was)
    return total / (N - 1) / math.log(2)


# %% right: a copy whose parameters are frozen
def bits_per_character(model, tokens, T: int) -> float:
    import copy

    net = copy.deepcopy(model).eval().requires_grad_(False)
    total, state, N = 0.0, None, len(tokens)
    for s in range(0, N - 1, T):
        x, y = tokens[s : min(s + T, N - 1)], tokens[s + 1 : s + T + 1]
        logits, state = net(x[None], state)
        total += F.cross_entropy(logits[0], y, reduction="sum").item()
    return total / (N - 1) / math.log(2)


# %% wrong: entropy of the model | says: not the entropy
def bits_per_character(model, tokens, T):
    was, total, state = model.training, 0.0, None
    model.eval()
    with torch.no_grad():
        for a in tokens[:-1].split(T):
            logits, state = model(a[None], state)
            p = logits[0].softmax(1)
            total -= (p * p.log2()).sum().item()
    model.train(was)
    return total / (len(tokens) - 1)


# %% wrong: base ten | says: base 10
def bits_per_character(model, tokens, T):
    was, total, state = model.training, 0.0, None
    model.eval()
    with torch.no_grad():
        for a, b in zip(tokens[:-1].split(T), tokens[1:].split(T)):
            logits, state = model(a[None], state)
            total += F.cross_entropy(logits[0], b, reduction="sum").item()
    model.train(was)
    return total / (len(tokens) - 1) / math.log(10)
