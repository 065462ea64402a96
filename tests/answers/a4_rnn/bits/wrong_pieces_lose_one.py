# says: each later piece begins with the last target
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    total, count, state = 0.0, 0, None
    with torch.no_grad():
        for piece in tokens.split(T):
            if len(piece) > 1:  # the last of each piece is no target and no input
                logits, state = model(piece[None, :-1], state)
                total += F.cross_entropy(logits[0], piece[1:], reduction="sum").item()
                count += len(piece) - 1
    model.train(mode)
    return total / count / math.log(2)
