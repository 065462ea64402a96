# says: it was never called
def bits_per_character(model, tokens, T):
    with torch.no_grad():
        logits, _ = model.net(tokens[None, :-1])
    return F.cross_entropy(logits[0], tokens[1:]).item() / math.log(2)
