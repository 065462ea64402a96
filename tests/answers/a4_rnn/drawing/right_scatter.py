def next_probabilities(logits, temperature=1.0, top_k=None):
    B, V = logits.shape
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), V).to(logits.dtype)
        return p, torch.zeros(B, dtype=logits.dtype)
    k = V if top_k is None else min(top_k, V)
    values, places = logits.topk(k, dim=1)
    p = torch.zeros_like(logits).scatter(1, places, F.softmax(values / temperature, 1))
    return [p, torch.special.entr(p).sum(1) / math.log(2)]
