# says: C_q C_p is not symmetric
def frechet(features, mean, covariance):
    features = features.double()
    m, C = features.mean(0), torch.cov(features.T).view(covariance.shape)
    root = torch.linalg.eigh(C @ covariance)[0].clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * root).item()
