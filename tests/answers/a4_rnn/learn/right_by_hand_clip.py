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
