def frechet(features, mean, covariance):
    features = features.to(torch.float64)
    C = torch.cov(features.T).reshape(features.shape[1], -1)
    roots = torch.linalg.eigvals(covariance @ C).real.clamp_min(0).sqrt()
    gap = mean - features.mean(0)
    return float(gap @ gap + torch.trace(covariance) + torch.trace(C) - 2 * roots.sum())
