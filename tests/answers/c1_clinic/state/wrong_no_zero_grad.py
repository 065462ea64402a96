# says: gradients of earlier pieces are still in it
def train_texts(net, texts, optimiser):
    losses = []
    for pieces in texts:
        state = None
        for x, y in pieces:
            logits, state = net(x, state)
            state = state.detach() if torch.is_tensor(state) else tuple(s.detach() for s in state)
            loss = F.cross_entropy(logits, y)
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
    return losses
