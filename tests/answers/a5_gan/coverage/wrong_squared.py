# says: a distance, not its square
def coverage(samples, centres, weights, sigma):
    distance, nearest = ((samples[:, None] - centres) ** 2).sum(2).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)
