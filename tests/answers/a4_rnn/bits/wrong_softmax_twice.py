# says: no softmax before it
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was_training = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        for x, y in zip(tokens[:-1].split(T), tokens[1:].split(T), strict=True):
            logits, state = model(x[None], state)  # (1, T, V)
            total += F.cross_entropy(logits[0].softmax(-1), y, reduction="sum").item()
    model.train(was_training)
    return total / (len(tokens) - 1) / math.log(2)
