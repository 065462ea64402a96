# says: not the product of the roots
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = (
        root @ (lambda e: e[1] * e[0].clamp_min(0).sqrt() @ e[1].T)(torch.linalg.eigh(C))
    ).trace()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()
