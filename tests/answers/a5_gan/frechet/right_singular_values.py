def frechet(features, mean, covariance):
    """The trace of the root is the sum of the singular values of Cp^(1/2) Cq^(1/2)."""
    x = features.double() - features.double().mean(0)
    centred = x / (len(x) - 1) ** 0.5  # Cq is its square
    values, vectors = torch.linalg.eigh(covariance)
    half = vectors * values.clamp_min(0).sqrt()
    cross = torch.linalg.svdvals(centred @ half).sum()
    gap = ((features.double().mean(0) - mean) ** 2).sum()
    return (gap + covariance.trace() + (centred**2).sum() - 2 * cross).item()
