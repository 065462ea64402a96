def coverage(samples, centres, weights, sigma):
    distance = (samples[:, None] - centres).norm(dim=2)  # (N, M)
    on = F.one_hot(distance.argmin(1), len(centres)) * (distance <= 3 * sigma)
    counts = on.sum(0)
    covered = 10 * counts >= weights * len(samples)
    return covered.sum().item(), counts.sum().item() / len(samples)
