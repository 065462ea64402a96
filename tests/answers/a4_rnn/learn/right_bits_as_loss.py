def cut_off(state):
    if torch.is_tensor(state):
        return state.data
    return tuple(map(cut_off, state))


def learn(model, pieces, optimizer, tau):
    parameters = [p for p in model.parameters() if p.requires_grad]
    history, carried = [], None
    for inputs, targets in pieces:
        optimizer.zero_grad(set_to_none=False)
        scores, carried = model(inputs, carried)
        nats = F.nll_loss(
            F.log_softmax(scores.reshape(-1, scores.size(-1)), 1), targets.reshape(-1)
        )
        gradients = torch.autograd.grad(nats, parameters)
        length = torch.cat([g.flatten() for g in gradients]).norm().item()
        for p, g in zip(parameters, gradients, strict=False):
            p.grad = g * min(1, tau / length)
        optimizer.step()
        carried = cut_off(carried)
        history.append(nats.item() / math.log(2))
    return history
