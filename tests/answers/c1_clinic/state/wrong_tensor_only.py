# says: 'tuple' object has no attribute 'detach'
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach()
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses
