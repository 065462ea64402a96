# says: transpose(1, 2), not view
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
