# says: must be Tensor, not tuple
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits = net(x, state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses
