def next_probabilities(logits, temperature=1.0, top_k=None):
    if temperature == 0:
        temperature, top_k = 1, 1
    scaled = logits / temperature
    if top_k is not None:
        k = min(top_k, scaled.size(-1))
        threshold = scaled.sort(1, descending=True).values[:, k - 1, None]
        scaled = torch.where(scaled >= threshold, scaled, torch.tensor(-torch.inf))
    log_p = scaled.log_softmax(1)
    p = log_p.exp()
    return p, -(p * log_p).nansum(1) / math.log(2)
