# says: Expected:
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = torch.cov(features.T)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()
