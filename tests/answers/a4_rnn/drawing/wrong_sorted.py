# says: stays in its own column
def next_probabilities(logits, temperature=1.0, top_k=None):
    V = logits.shape[1]
    best = logits.topk(min(top_k or V, V), dim=1).values
    if temperature == 0:
        best, temperature = best[:, :1], 1.0
    p = F.pad(torch.softmax(best / temperature, 1), (0, V - best.shape[1]))
    return p, -torch.special.xlogy(p, p).sum(1) / math.log(2)
