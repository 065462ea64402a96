def bits_per_character(model, tokens, T):
    modes = {m: m.training for m in model.modules()}
    x, y = tokens[:-1], tokens[1:]
    model.train(False)
    mean, done, state = 0.0, 0, None
    try:
        with torch.no_grad():
            while done < len(x):
                piece = slice(done, done + T)
                logits, state = model(x[piece].unsqueeze(0), state)
                n = logits.shape[1]
                mean += n * F.cross_entropy(logits.transpose(1, 2), y[piece][None]).item()
                done += n
    finally:
        for m, mode in modes.items():
            m.training = mode
    return mean / len(x) * math.log2(math.e)
