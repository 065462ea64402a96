# says: the limit is 3 sigma: 2 sigma
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 2 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)
