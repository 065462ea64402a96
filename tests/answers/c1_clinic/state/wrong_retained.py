# says: detach it
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward(retain_graph=True)
            optimiser.step()
            losses.append(loss.item())
    return losses
