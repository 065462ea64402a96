# says: C_p C_q is not symmetric
def frechet(features, mean, covariance):
    features = features.double()
    m, C = features.mean(0), torch.cov(features.T).view(covariance.shape)
    root = torch.linalg.eigvalsh(covariance @ C).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * root).item()
