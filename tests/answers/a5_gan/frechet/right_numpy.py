import numpy as np


def frechet(features, mean, covariance):
    x, m, P = features.numpy().astype(np.float64), mean.numpy(), covariance.numpy()
    C = np.cov(x, rowvar=False).reshape(P.shape)
    eigenvalues = np.linalg.eigvals(C @ P)
    root = np.sqrt(np.maximum(eigenvalues.real, 0)).sum()
    return float(((x.mean(0) - m) ** 2).sum() + np.trace(C) + np.trace(P) - 2 * root)
