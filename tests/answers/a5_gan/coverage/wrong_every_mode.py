# says: a sample lies on the nearest mode only
def coverage(samples, centres, weights, sigma):
    on = (samples[:, None] - centres).norm(dim=2) <= 3 * sigma  # (N, M)
    counts = on.sum(0)
    return int((counts >= 0.1 * weights * len(samples)).sum()), counts.sum().item() / len(samples)
