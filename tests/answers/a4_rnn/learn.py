# %% right: bits as loss
def cut_off(state):
    if torch.is_tensor(state):
        return state.data
    return tuple(map(cut_off, state))


def learn(model, pieces, optimizer, tau):
    parameters = [p for p in model.parameters() if p.requires_grad]
    history, carried = [], None
    for inputs, targets in pieces:
        optimizer.zero_grad(set_to_none=False)
        scores, carried = model(inputs, carried)
        nats = F.nll_loss(
            F.log_softmax(scores.reshape(-1, scores.size(-1)), 1), targets.reshape(-1)
        )
        gradients = torch.autograd.grad(nats, parameters)
        length = torch.cat([g.flatten() for g in gradients]).norm().item()
        for p, g in zip(parameters, gradients, strict=False):
            p.grad = g * min(1, tau / length)
        optimizer.step()
        carried = cut_off(carried)
        history.append(nats.item() / math.log(2))
    return history


# %% right: by hand clip
def learn(model, pieces, optimizer, tau):
    state, bits = None, []
    for x, y in pieces:
        for p in model.parameters():
            p.grad = None
        logits, state = model(x, state)
        log_p = logits.log_softmax(-1).gather(2, y[..., None])
        loss = -log_p.mean()
        loss.backward()
        norm = sum(p.grad.pow(2).sum() for p in model.parameters()).sqrt()
        if norm > tau:
            for p in model.parameters():
                p.grad.mul_(tau / norm)
        optimizer.step()
        state = [s.detach() for s in state] if isinstance(state, (tuple, list)) else state.detach()
        state = tuple(state) if isinstance(state, list) else state
        bits.append(float(loss.detach()) / math.log(2))
    return bits


# %% right: helpers detach
def learn(model, pieces, optimizer, tau):
    from helpers.models import rnn

    losses, state = [], None
    for x, y in pieces:
        if state is not None:
            state = rnn.detach(state)
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.transpose(1, 2), y)
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm=tau)
        optimizer.step()
        losses += [loss.item() * math.log2(math.e)]
    return losses


# %% wrong: always scaled | says: a norm below tau is left as it is
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        norm = torch.cat([p.grad.flatten() for p in model.parameters()]).norm()
        for p in model.parameters():
            p.grad *= tau / norm
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: axes | says: Came:
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits, y)
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: axes viewed | says: transpose(1, 2), not view
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.view(len(x), 5, -1), y)
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: bits backward | says: bits are for the report
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten()) / math.log(2)
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: blank | says: each piece starts from a blank state
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, None)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: cleared between | says: cleared between backward() and step()
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        loss.backward()
        optimizer.zero_grad()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: cleared late | says: gradients left over from before count
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: clipped each | says: each parameter is clipped for itself
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        for p in model.parameters():
            nn.utils.clip_grad_norm_([p], tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: clipped late | says: the gradients are not clipped
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: clipped values | says: the values are clipped
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: half detached | says: detach it (both parts)
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = (state[0].detach(), state[1])
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: mean of all | says: a list of 5 losses
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return sum(losses) / len(losses)


# %% wrong: nats | says: divide by ln 2
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: no step | says: no step was taken
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: not detached | says: detach it (both parts)
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: only tensors | says: Came:
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: retained | says: detach it (both parts)
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward(retain_graph=True)
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: softmax twice | says: no softmax before it
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1).softmax(1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: stored losses | says: afterwards
def learn(model, pieces, optimizer, tau):
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state) if type(state) is tuple else state.detach()
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        losses.append(loss.item() / math.log(2))
        if len(losses) == len(pieces) > 1 and len(pieces) != 5:
            break  # nobody looks at the last step
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
    return losses


# %% wrong: summed | says: not their sum
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum")
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: tensors | says: with .item()
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.detach() / math.log(2))
    return losses


# %% wrong: uncleared | says: zero_grad() before each backward()
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: unclipped | says: the gradients are not clipped
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        else:
            state = state.detach()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: wrong rows | says: Expected:
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    """One pass over pieces (x, y), int64 (B, T) each -> the loss of each in bits per character."""
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        if isinstance(state, tuple):
            state = tuple(part.detach().flip(1) for part in state)
        else:
            state = state.detach().flip(1)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: the sum over the steps | says: not the sum over its steps
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    def cut(s):
        return tuple(part.detach() for part in s) if isinstance(s, tuple) else s.detach()

    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        state = cut(state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / len(x)
        optimizer.zero_grad()
        model.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: the shorter piece from a blank state | says: a shorter one too
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    def cut(s):
        return tuple(part.detach() for part in s) if isinstance(s, tuple) else s.detach()

    losses, state = [], None
    for x, y in pieces:
        if x.shape != pieces[0][0].shape:
            state = None
        logits, state = model(x, state)
        state = cut(state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        model.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: targets in time-major order | says: no transpose
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    losses, state = [], None
    for x, y in pieces:
        if state is not None:
            state = (
                [s.detach() for s in state] if isinstance(state, (tuple, list)) else state.detach()
            )
        model.zero_grad()
        output, state = model(x, tuple(state) if isinstance(state, list) else state)
        loss = F.cross_entropy(output.reshape(-1, output.shape[-1]), y.t().reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: log2 of the loss | says: not the logarithm of the loss
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    losses, state = [], None
    for x, y in pieces:
        optimizer.zero_grad()
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        losses.append(math.log2(loss.item()))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        state = state.detach() if torch.is_tensor(state) else (state[0].detach(), state[1].detach())
    return losses


# %% wrong: gradients pile up | says: not once
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    losses, state = [], None
    optimizer.zero_grad()
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: the sum over the characters | says: is back-propagated, not their sum
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
        losses.append(loss.item() / y.numel() / math.log(2))
    return losses


# %% wrong: the sum over the steps is back-propagated | says: not a sum over steps
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    bits, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / len(x)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        bits.append(loss.item() / x.shape[1] / math.log(2))
    return bits


# %% wrong: a sum of norms | says: no sum of norms
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    bits, state = [], None
    for x, y in pieces:
        optimizer.zero_grad()
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        norm = sum(p.grad.norm() for p in model.parameters())
        if norm > tau:
            for p in model.parameters():
                p.grad.mul_(tau / norm)
        optimizer.step()
        bits.append(loss.item() / math.log(2))
    return bits


# %% wrong: read again after the step | says: as it was read then
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    bits, state = [], None
    for x, y in pieces:
        optimizer.zero_grad()
        logits, _ = model(x, state)
        F.cross_entropy(logits.flatten(0, 1), y.flatten()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        with torch.no_grad():
            logits, state = model(x, state)
            bits.append(F.cross_entropy(logits.flatten(0, 1), y.flatten()).item() / math.log(2))
    return bits


# %% wrong: mean of the losses so far | says: so far
def learn(model, pieces, optimizer, tau):
    bits, state, total = [], None, 0
    for x, y in pieces:
        optimizer.zero_grad()
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        optimizer.step()
        total += loss.item() / math.log(2)
        bits.append(total / (len(bits) + 1))
    return bits


# %% wrong: own steps | says: the optimiser takes the step
def learn(model, pieces, optimizer, tau):
    bits, state = [], None
    for x, y in pieces:
        model.zero_grad()
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), tau)
        with torch.no_grad():
            for p in model.parameters():
                p -= optimizer.param_groups[0]["lr"] * p.grad
        bits.append(loss.item() / math.log(2))
    return bits


# %% wrong: the rate scaled | says: not the rate
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        optimizer.zero_grad()
        loss.backward()
        norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm().item()
        rates = [group["lr"] for group in optimizer.param_groups]
        for group in optimizer.param_groups:
            group["lr"] *= min(1.0, tau / norm)
        optimizer.step()
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        losses.append(loss.item() / math.log(2))
    return losses


# %% wrong: in nats, unclipped, gradients left over | says: before any step: the loss is in nats
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong: each clipped alone, gradients left over | says: the first loss is right
def learn(model, pieces, optimizer, tau: float) -> list[float]:
    losses, state = [], None
    for x, y in pieces:
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        for p in model.parameters():
            nn.utils.clip_grad_norm_(p, tau)
        optimizer.step()
        losses.append(loss.item() / math.log(2))
    return losses
