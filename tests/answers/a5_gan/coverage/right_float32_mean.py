def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(dim=1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    return (counts >= 0.1 * weights * len(samples)).sum().item(), on.float().mean().item()
