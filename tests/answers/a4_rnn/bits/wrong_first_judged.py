# says: the first character is not judged
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was = model.training
    model.eval()
    total, state = 0.0, None
    with torch.no_grad():
        x, y = F.pad(tokens[:-1], (1, 0)), tokens
        for s in range(0, len(x), T):
            logits, state = model(x[None, s : s + T], state)
            total += F.cross_entropy(logits[0], y[s : s + T], reduction="sum").item()
    model.train(was)
    return total / len(x) / math.log(2)
