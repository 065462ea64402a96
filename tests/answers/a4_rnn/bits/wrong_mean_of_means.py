# says: sum over characters, then divide once
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    means, state = [], None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=False):
            logits, state = model(x[None], state)
            means.append(F.cross_entropy(logits[0], y).item() / math.log(2))
    model.train(mode)
    return sum(means) / len(means)
