# says: the last, shorter piece is left out
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    total, count, state = 0.0, 0, None
    with torch.no_grad():
        for k in range((len(tokens) - 1) // T):
            x, y = tokens[k * T : (k + 1) * T], tokens[k * T + 1 : (k + 1) * T + 1]
            logits, state = model(x[None], state)
            total += F.cross_entropy(logits[0], y, reduction="sum").item()
            count += T
    model.train(mode)
    return total / count / math.log(2)
