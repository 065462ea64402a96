# says: within a text the state goes on
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, None)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses
