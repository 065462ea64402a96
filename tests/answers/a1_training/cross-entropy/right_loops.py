def cross_entropy(logits, y):
    B, C = logits.shape
    gradient, total = torch.zeros_like(logits), 0
    for i in range(B):
        z = logits[i] - logits[i].max()
        e = z.exp()
        total = total + e.sum().log() - z[y[i]]
        for c in range(C):
            gradient[i, c] = (e[c] / e.sum() - (1.0 if c == y[i] else 0.0)) / B
    return total / B, gradient
