# says: speak of the next one
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x in tokens.split(T):
            logits, state = model(x[None], state)
            total += F.cross_entropy(logits[0], x, reduction="sum").item()
    model.train(mode)
    return total / len(tokens) / math.log(2)
