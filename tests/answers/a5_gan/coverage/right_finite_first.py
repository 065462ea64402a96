def coverage(samples, centres, weights, sigma):
    N = samples.shape[0]
    samples = samples[torch.isfinite(samples).all(dim=1)]
    gaps = torch.cdist(samples, centres, compute_mode="donot_use_mm_for_euclid_dist")
    near, which = gaps.min(dim=1)
    on_mode = near <= 3.0 * sigma
    counts = torch.stack([(on_mode & (which == k)).sum() for k in range(len(centres))])
    return int((counts >= 0.1 * N * weights).sum()), float(on_mode.sum()) / N
