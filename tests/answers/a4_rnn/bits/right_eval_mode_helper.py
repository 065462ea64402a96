from helpers.training import eval_mode


@torch.no_grad()
def bits_per_character(model, tokens, T):
    state, found = None, []
    with eval_mode(model):
        for start in range(0, len(tokens) - 1, T):
            y = tokens[start + 1 : start + T + 1]
            logits, state = model(tokens[None, start : start + len(y)], state)
            p = logits[0].softmax(1)[torch.arange(len(y)), y]
            found.append(-p.log2())
    return torch.cat(found).mean().item()
