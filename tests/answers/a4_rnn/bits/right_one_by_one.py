def bits_per_character(model, tokens, T):
    mode, state, total = model.training, None, 0.0
    model.eval()
    with torch.inference_mode():
        for now, following in zip(tokens[:-1], tokens[1:], strict=False):
            logits, state = model(now.view(1, 1), state)
            total -= logits[0, 0].log_softmax(0)[following].item()
    model.train(mode)
    return total / math.log(2) / (len(tokens) - 1)
