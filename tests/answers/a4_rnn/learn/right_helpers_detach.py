def learn(model, pieces, optimizer, tau):
    from helpers.models import rnn

    losses, state = [], None
    for x, y in pieces:
        if state is not None:
            state = rnn.detach(state)
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.transpose(1, 2), y)
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm=tau)
        optimizer.step()
        losses += [loss.item() * math.log2(math.e)]
    return losses
