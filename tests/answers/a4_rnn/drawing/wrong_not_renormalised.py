# says: must sum to one
def next_probabilities(logits, temperature=1.0, top_k=None):
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), logits.shape[1]).to(logits.dtype)
    else:
        p = torch.softmax(logits / temperature, 1)
        if top_k is not None and top_k < logits.shape[1]:
            p = p.masked_fill(logits < logits.topk(top_k).values[:, -1:], 0)
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)
