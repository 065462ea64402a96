# says: the limit of 3 sigma holds for the modes covered too
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(dim=1)
    counts = torch.bincount(nearest, minlength=len(centres))
    quality = (distance <= 3 * sigma).double().mean().item()
    return (counts >= 0.1 * weights * len(samples)).sum().item(), quality
