# says: an operation in place
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    k = min(top_k or logits.shape[1], logits.shape[1])
    if temperature == 0:
        k, temperature = 1, 1.0
    least = logits.topk(k, dim=1).values[:, -1:]
    logits[logits < least] = -math.inf
    p = torch.softmax(logits.masked_fill(logits < least, -math.inf) / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy
