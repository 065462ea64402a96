# says: not the probabilities
def next_probabilities(logits, temperature=1.0, top_k=None):
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), logits.shape[1]).to(logits.dtype)
    else:
        plain = logits.softmax(1)
        if top_k is not None and top_k < logits.shape[1]:
            plain = plain.masked_fill(plain < plain.topk(top_k).values[:, -1:], 0)
        p = torch.softmax(logits.softmax(1) / temperature, 1)
        p = p * (plain > 0)
        p = p / p.sum(1, keepdim=True)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)
