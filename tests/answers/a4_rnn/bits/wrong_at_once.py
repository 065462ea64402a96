# says: at a time
def bits_per_character(model, tokens, T):
    mode = model.training
    model.eval()
    with torch.no_grad():
        logits, _ = model(tokens[None, :-1])
    model.train(mode)
    return F.cross_entropy(logits[0], tokens[1:]).item() / math.log(2)
