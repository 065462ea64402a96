# says: no step was made
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            losses.append(loss.item())
    return losses
