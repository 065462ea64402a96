# says: the modes that are not covered
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int((~covered).sum()), len(on) / len(samples)
