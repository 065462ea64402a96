# says: the first character of each later piece
def bits_per_character(model, tokens, T: int) -> float:
    """tokens int64 (N,), read T at a time -> mean bits of the N - 1 characters after the first."""
    was = model.training
    model.eval()
    total, count, state = 0.0, 0, None
    with torch.no_grad():
        for piece in tokens.split(T):
            logits, state = model(piece[None], state)
            total += F.cross_entropy(logits[0, :-1], piece[1:], reduction="sum").item()
            count += len(piece) - 1
    model.train(was)
    return total / count / math.log(2)
