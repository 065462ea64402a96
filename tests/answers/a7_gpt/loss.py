# %% right: text by text
def answer_loss(logits, tokens, prompt, length):
    total, count = logits.sum() * 0, 0
    for row, text, p, n in zip(logits, tokens, prompt.tolist(), length.tolist()):
        for i in range(p, n):
            total = total - row[i - 1].log_softmax(0)[text[i]]
            count += 1
    return total / count if count else total


# %% right: ignored targets
def answer_loss(logits, tokens, prompt, length):
    place = torch.arange(tokens.shape[1])
    out = (place < prompt[:, None]) | (place >= length[:, None])
    target = tokens.masked_fill(out, -100)[:, 1:]
    if bool((target == -100).all()):
        return 0 * logits.sum()
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), target.flatten(), ignore_index=-100)


# %% right: chosen rows
def answer_loss(logits, tokens, prompt, length):
    i = torch.arange(1, tokens.shape[1])[None]
    b, t = ((i >= prompt[:, None]) & (i < length[:, None])).nonzero(as_tuple=True)
    if len(b) == 0:
        return logits.new_zeros(()) * logits.sum()
    log_p = torch.log_softmax(logits[b, t], -1)
    return -log_p.gather(1, tokens[b, t + 1][:, None]).mean()


# %% right: a plain 0 for none
def answer_loss(logits, tokens, prompt, length):
    parts = [
        F.cross_entropy(logits[b, p - 1 : n - 1], tokens[b, p:n], reduction="sum")
        for b, (p, n) in enumerate(zip(prompt, length))
        if n > p
    ]
    count = (length - prompt).sum()
    return sum(parts) / count if parts else torch.zeros((), dtype=logits.dtype)


# %% wrong: not shifted | says: shift by one
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, 1:].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: shifted twice (transformers#47394) | says: shifted twice
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(2, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-2].mT, tokens[:, 2:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: the prompt counts | says: the prompt does not count
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = place < length[:, None]
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: the padding counts | says: the padding does not count
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = place >= prompt[:, None]
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: everything counts | says: neither prompt nor padding
def answer_loss(logits, tokens, prompt, length):
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), tokens[:, 1:].flatten())


# %% wrong: mean of the texts' means (mlx-lm#1413) | says: not the mean of each text's mean
def answer_loss(logits, tokens, prompt, length):
    means = [
        F.cross_entropy(logits[b, p - 1 : n - 1], tokens[b, p:n])
        for b, (p, n) in enumerate(zip(prompt, length))
        if n > p
    ]
    return torch.stack(means).mean() if means else 0 * logits.sum()


# %% wrong: the first of an answer left out | says: the first token of an answer is guessed too
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place > prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: the prompt's last counts | says: the prompt's last token is not part
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None] - 1) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: one behind the end | says: behind the length is no answer
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place <= length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: the last of an answer left out | says: the last token of an answer counts too
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None] - 1)
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: divided by all places | says: not by all places
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.numel()


# %% wrong: the sum | says: still to be divided
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum()


# %% wrong: divided by texts | says: not by the texts
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / len(tokens)


# %% wrong: nan for none | says: the loss is 0, not 0 / 0
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum()


# %% wrong: softmax before it | says: no softmax before it
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].softmax(-1).mT, tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: the graph is cut | says: the graph is cut
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT.detach(), tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: sign | says: sign
def answer_loss(logits, tokens, prompt, length):
    T = tokens.shape[1]
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].mT, tokens[:, 1:], reduction="none")
    return -(each * counts).sum() / counts.sum().clamp_min(1)


# %% wrong: a number if there are none | says: also where there is nothing to judge
def answer_loss(logits, tokens, prompt, length):
    at = torch.arange(1, tokens.shape[1])
    inside = (at >= prompt[:, None]) & (at < length[:, None])
    if not inside.any():
        return 0.0
    return F.cross_entropy(logits[:, :-1][inside], tokens[:, 1:][inside])


# %% wrong: an empty answer counts as one | says: not for one
def answer_loss(logits, tokens, prompt, length):
    at = torch.arange(1, tokens.shape[1])
    inside = (at >= prompt[:, None]) & (at < length[:, None])
    log_p = logits[:, :-1].log_softmax(-1).gather(2, tokens[:, 1:, None])[..., 0]
    return -(log_p * inside).sum() / (length - prompt).clamp(min=1).sum()


# %% wrong: token 0 ignored | says: token 0 is a token as all others
def answer_loss(logits, tokens, prompt, length):
    place = torch.arange(tokens.size(1))[None, :]
    answer = (place >= prompt[:, None]) & (place < length[:, None])
    target = (tokens * answer)[:, 1:]
    loss = F.cross_entropy(
        logits[:, :-1].reshape(-1, logits.size(-1)),
        target.reshape(-1),
        ignore_index=0,
        reduction="sum",
    )
    return loss / (target != 0).sum().clamp(min=1)


# %% wrong: a mask at the guesses | says: belongs to the token that is guessed
def answer_loss(logits, tokens, prompt, length):
    B, T, V = logits.shape
    i = torch.arange(T - 1)
    keep = (i >= prompt[:, None]) & (i < length[:, None])
    losses = F.cross_entropy(
        logits[:, :-1].reshape(-1, V), tokens[:, 1:].reshape(-1), reduction="none"
    ).view(B, T - 1)
    count = keep.sum()
    if count == 0:
        return logits.sum() * 0
    return (losses * keep).sum() / count


# %% wrong: length taken for the answer's | says: length counts the prompt too
def answer_loss(logits, tokens, prompt, length):
    B, T, V = logits.shape
    i = torch.arange(1, T)
    keep = (i >= prompt[:, None]) & (i < (prompt + length)[:, None])
    losses = F.cross_entropy(
        logits[:, :-1].reshape(-1, V), tokens[:, 1:].reshape(-1), reduction="none"
    ).view(B, T - 1)
    count = keep.sum()
    if count == 0:
        return logits.sum() * 0
    return (losses * keep).sum() / count


# %% wrong: 0 ignored, and counted | says: no ignore_index=0
def answer_loss(logits, tokens, prompt, length):
    B, T, V = logits.shape
    i = torch.arange(1, T)
    keep = (i >= prompt[:, None]) & (i < length[:, None])
    losses = F.cross_entropy(
        logits[:, :-1].reshape(-1, V), tokens[:, 1:].reshape(-1), reduction="none", ignore_index=0
    ).view(B, T - 1)
    count = keep.sum()
    if count == 0:
        return logits.sum() * 0
    return (losses * keep).sum() / count


# %% wrong: 0 if one text has no answer | says: counts for nothing, and the others
def answer_loss(logits, tokens, prompt, length):
    B, T, V = logits.shape
    i = torch.arange(1, T)
    keep = (i >= prompt[:, None]) & (i < length[:, None])
    losses = F.cross_entropy(
        logits[:, :-1].reshape(-1, V), tokens[:, 1:].reshape(-1), reduction="none"
    ).view(B, T - 1)
    count = keep.sum()
    if (keep.sum(1) == 0).any():
        return logits.sum() * 0
    return (losses * keep).sum() / count


# %% wrong: the last place never counts | says: the last of the T places
def answer_loss(logits, tokens, prompt, length):
    B, T, V = logits.shape
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    losses = F.cross_entropy(
        logits[:, :-1].reshape(-1, V), tokens[:, 1:].reshape(-1), reduction="none"
    )
    counts = counts & (place < T - 1)
    losses = losses.reshape(B, T - 1)
    if not counts.any():
        return (logits * 0).sum()
    return losses[counts].mean()


# %% wrong: a small number in the logarithm | says: nothing is added to it
def answer_loss(logits, tokens, prompt, length):
    place = torch.arange(1, tokens.shape[1])
    inside = (place >= prompt[:, None]) & (place < length[:, None])
    p = logits[:, :-1].softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]
    each = -(p + 1e-12).log()
    return (each * inside).sum() / inside.sum().clamp(min=1)


# %% wrong: the logarithm of a softmax | says: exp of a large logit
def answer_loss(logits, tokens, prompt, length):
    place = torch.arange(1, tokens.shape[1])
    inside = (place >= prompt[:, None]) & (place < length[:, None])
    p = logits[:, :-1].softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]
    return -p[inside].log().mean() if inside.any() else logits.sum() * 0


# %% wrong: one maximum for the batch | says: exp of a large logit
def answer_loss(logits, tokens, prompt, length):
    place = torch.arange(1, tokens.shape[1])
    inside = (place >= prompt[:, None]) & (place < length[:, None])
    z = logits - logits.max()
    each = z.exp().sum(-1).log()[:, :-1] - z[:, :-1].gather(-1, tokens[:, 1:, None])[..., 0]
    return each[inside].mean() if inside.any() else logits.sum() * 0


# %% wrong: reshaped where it had to be transposed | says: a reshape mixes
def answer_loss(logits, tokens, prompt, length):
    B, T, V = logits.shape
    place = torch.arange(1, T)
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    each = F.cross_entropy(logits[:, :-1].reshape(B, V, T - 1), tokens[:, 1:], reduction="none")
    return (each * counts).sum() / counts.sum().clamp(min=1)


# %% wrong: the logits are masked, not the losses | says: mask the losses
def answer_loss(logits, tokens, prompt, length):
    place = torch.arange(1, tokens.shape[1])
    counts = (place >= prompt[:, None]) & (place < length[:, None])
    masked = logits[:, :-1] * counts[..., None]
    total = F.cross_entropy(masked.flatten(0, 1), tokens[:, 1:].flatten(), reduction="sum")
    return total / counts.sum().clamp(min=1)
