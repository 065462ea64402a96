# says: topk along dim 1
def next_probabilities(logits, temperature: float = 1.0, top_k: int | None = None):
    """logits (B, V) -> p (B, V) and the entropy of each row in bits (B,)."""
    V = logits.shape[1]
    if temperature == 0:
        p = F.one_hot(logits.argmax(1), V).to(logits.dtype)
    else:
        if top_k is not None:
            smallest = logits.topk(min(top_k, len(logits)), dim=0).values[-1:]
            logits = logits.masked_fill(logits < smallest, -math.inf)
        p = torch.softmax(logits / temperature, dim=1)
    entropy = -torch.special.xlogy(p, p).sum(1) / math.log(2)
    return p, entropy
