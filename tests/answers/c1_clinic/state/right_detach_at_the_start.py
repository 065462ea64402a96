def train_texts(net, texts, optimiser):
    losses = []

    def one_piece(x, y, state):
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        elif state is not None:
            state = state.detach()
        optimiser.zero_grad()
        logits, state = net(x, state)
        loss = F.cross_entropy(logits, y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        return state

    for text in texts:
        state = None
        for x, y in text:
            state = one_piece(x, y, state)
    return losses
