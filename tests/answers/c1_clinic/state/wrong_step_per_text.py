# says: no step was made
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state, total = None, 0.0
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            losses.append(loss.item())
            total = total + loss
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
    return losses
