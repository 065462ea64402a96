# %% right: by weights
def pair_loss(model, source, target, start, pad):
    B, T = target.shape
    before = torch.full((B, T), start, dtype=torch.int64)
    before[:, 1:] = target[:, :-1]
    log_p = model(source, before).log_softmax(-1)
    each = -log_p.gather(2, target.unsqueeze(2)).squeeze(2)
    kept = (target != pad).to(each.dtype)
    return (each * kept).sum() / kept.sum()


# %% right: start and all of the target, the last logits dropped
def pair_loss(model, source, target, start, pad):
    longer = F.pad(target, (1, 0), value=start)
    logits = model(source, longer)[:, :-1]
    real = target.ne(pad)
    return F.cross_entropy(logits[real], target[real])


# %% right: padding replaced, sequence by sequence
def pair_loss(model, source, target, start, pad):
    total, count = 0, 0
    for s, t in zip(source, target, strict=True):
        t = t[t != pad]
        before = torch.cat([torch.tensor([start]), t[:-1]])
        logits = model(s[None], before[None])[0]
        total = total + F.cross_entropy(logits, t, reduction="sum")
        count += len(t)
    return total / count


# %% wrong: not shifted | says: the model reads the token that it is to predict
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, target)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: shifted twice (huggingface/transformers 47394) | says: shifted twice
def pair_loss(model, source, target, start, pad):
    written = F.pad(target[:, :-1], (1, 0), value=start)
    logits = model(source, written)[:, :-1]
    return F.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=pad)


# %% wrong: without start | says: from start
def pair_loss(model, source, target, start, pad):
    logits = model(source, target[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=pad)


# %% wrong: rolled | says: rolled, not shifted
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = target.roll(1, 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: start is 0 | says: whatever number that is
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], 0)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: padding counted | says: the padding is counted
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten())


# %% wrong: pad is 0 | says: whatever number that is
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=0)


# %% wrong: divided by all | says: in the divisor
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return (
        F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad, reduction="sum")
        / target.numel()
    )


# %% wrong: summed | says: not their sum
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(
        logits.flatten(0, 1), target.flatten(), ignore_index=pad, reduction="sum"
    )


# %% wrong: divided by sequences | says: not of sequences
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(
        logits.flatten(0, 1), target.flatten(), ignore_index=pad, reduction="sum"
    ) / len(target)


# %% wrong: mean of means (ml-explore/mlx-lm 1413) | says: sequences' means
def pair_loss(model, source, target, start, pad):
    written = F.pad(target[:, :-1], (1, 0), value=start)
    logits = model(source, written).transpose(1, 2)
    each = F.cross_entropy(logits, target, ignore_index=pad, reduction="none")
    return (each.sum(1) / (target != pad).sum(1)).mean()


# %% wrong: softmax twice | says: no softmax before it
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.softmax(-1).flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: axes mixed | says: Expected:
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.transpose(0, 1).flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: a number | says: no .item()
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad).item()


# %% wrong: in bits | says: no division by ln 2
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad) / math.log(2)


# %% wrong: target changed | says: an operation in place
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    target[target == pad] = start
    pad = start
    first = torch.full_like(target[:, :1], start)
    written = torch.cat([first, target[:, :-1]], 1)
    logits = model(source, written)  # (B, T, V)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: the target smoothed | says: Expected:
def pair_loss(model, source, target, start, pad):
    written = F.pad(target[:, :-1], (1, 0), value=start)
    logits = model(source, written).transpose(1, 2)
    return F.cross_entropy(logits, target, ignore_index=pad, label_smoothing=0.1)


# %% wrong: its own guesses as input | says: not what the model guesses
def pair_loss(model, source, target, start: int, pad: int):
    written = torch.full_like(target[:, :1], start)
    steps = []
    for _ in range(target.shape[1]):
        last = model(source, written)[:, -1]
        steps.append(last)
        written = torch.cat([written, last.argmax(-1, keepdim=True)], dim=1)
    logits = torch.stack(steps, 1)
    return F.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: reshape for transpose | says: mixes places and tokens
def pair_loss(model, source, target, start: int, pad: int):
    B, T = target.shape
    begin = target.new_full((B, 1), start)
    logits = model(source, torch.cat([begin, target[:, :-1]], dim=1))
    return F.cross_entropy(logits.reshape(B, -1, T), target, ignore_index=pad)


# %% wrong: labels smoothed | says: no label is smoothed
def pair_loss(model, source, target, start: int, pad: int):
    written = F.pad(target[:, :-1], (1, 0), value=start)
    criterion = nn.CrossEntropyLoss(ignore_index=pad, label_smoothing=0.1)
    return criterion(model(source, written).permute(0, 2, 1), target)


# %% wrong: start and pad out of the softmax | says: every token has its share
def pair_loss(model, source, target, start: int, pad: int):
    written = F.pad(target[:, :-1], (1, 0), value=start)
    logits = model(source, written)
    never = torch.zeros(logits.shape[-1], dtype=torch.bool)
    never[[start, pad]] = True
    log_p = logits.masked_fill(never, -1e4).log_softmax(-1)
    return F.nll_loss(log_p.flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: 1 taken for start | says: whatever number that is
def pair_loss(model, source, target, start: int, pad: int):
    written = F.pad(target[:, :-1], (1, 0), value=1)
    return F.cross_entropy(model(source, written).flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: a mask of what is read | says: not in what is read
def pair_loss(model, source, target, start: int, pad: int):
    written = F.pad(target[:, :-1], (1, 0), value=start)
    loss = F.cross_entropy(model(source, written).mT, target, reduction="none")
    real = written != pad
    return (loss * real).sum() / real.sum()


# %% wrong: start twice | says: start stands once in front
def pair_loss(model, source, target, start: int, pad: int):
    written = F.pad(target, (2, 0), value=start)[:, : target.shape[1]]
    return F.cross_entropy(model(source, written).flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: gradients cleared | says: the gradients that were there
def pair_loss(model, source, target, start: int, pad: int):
    model.zero_grad()
    written = F.pad(target[:, :-1], (1, 0), value=start)
    return F.cross_entropy(model(source, written).flatten(0, 1), target.flatten(), ignore_index=pad)


# %% wrong: a small number in the logarithm | says: nothing is added to it
def pair_loss(model, source, target, start: int, pad: int):
    first = torch.full_like(target[:, :1], start)
    p = model(source, torch.cat([first, target[:, :-1]], 1)).softmax(-1)
    each = -(p.gather(-1, target[..., None])[..., 0] + 1e-12).log()
    return each[target != pad].mean()


# %% wrong: the logarithm of a softmax | says: exp of a large logit
def pair_loss(model, source, target, start: int, pad: int):
    first = torch.full_like(target[:, :1], start)
    p = model(source, torch.cat([first, target[:, :-1]], 1)).softmax(-1)
    each = -p.gather(-1, target[..., None])[..., 0].log()
    return each[target != pad].mean()


# %% wrong: in train mode | says: leave the modules in the mode
def pair_loss(model, source, target, start: int, pad: int):
    model.train()
    written = F.pad(target[:, :-1], (1, 0), value=start)
    logits = model(source, written)
    return F.cross_entropy(logits.mT, target, ignore_index=pad)


# %% wrong: losses of 0 left out | says: though its loss is 0
def pair_loss(model, source, target, start: int, pad: int):
    written = F.pad(target[:, :-1], (1, 0), value=start)
    logits = model(source, written)
    each = F.cross_entropy(logits.mT, target, ignore_index=pad, reduction="none")
    return each[each > 0].mean()


# %% wrong: the first token never learnt | says: the first token is to be predicted too
def pair_loss(model, source, target, start: int, pad: int):
    """source (B, S), target (B, T), int64 -> the mean cross-entropy over the target's tokens."""
    written = torch.cat([torch.full_like(target[:, :1], start), target[:, :-1]], dim=1)
    logits = model(source, written)[:, 1:]
    return F.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=pad)


# %% wrong: cut to the length of the first row | says: longer than the first
def pair_loss(model, source, target, start: int, pad: int):
    n = int((target[0] != pad).sum())
    target = target[:, :n]
    written = F.pad(target[:, :-1], (1, 0), value=start)
    return F.cross_entropy(model(source, written).flatten(0, 1), target.flatten(), ignore_index=pad)
