def coverage(samples, centres, weights, sigma):
    counts = [0] * len(centres)
    for x in samples:
        distance = ((x - centres) ** 2).sum(1).sqrt()
        k = int(distance.argmin())
        if distance[k] <= 3 * sigma:
            counts[k] += 1
    N = len(samples)
    covered = sum(n >= w * N / 10 for n, w in zip(counts, weights.tolist(), strict=True))
    return covered, sum(counts) / N
