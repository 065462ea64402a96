# says: cannot access local variable 'state'
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses
