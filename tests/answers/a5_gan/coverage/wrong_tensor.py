# says: take the number out
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return covered.sum(), len(on) / len(samples)
