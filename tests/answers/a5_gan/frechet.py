# %% right: eigvals
def frechet(features, mean, covariance):
    features = features.to(torch.float64)
    C = torch.cov(features.T).reshape(features.shape[1], -1)
    roots = torch.linalg.eigvals(covariance @ C).real.clamp_min(0).sqrt()
    gap = mean - features.mean(0)
    return float(gap @ gap + torch.trace(covariance) + torch.trace(C) - 2 * roots.sum())


# %% right: numpy
import numpy as np


def frechet(features, mean, covariance):
    x, m, P = features.numpy().astype(np.float64), mean.numpy(), covariance.numpy()
    C = np.cov(x, rowvar=False).reshape(P.shape)
    eigenvalues = np.linalg.eigvals(C @ P)
    root = np.sqrt(np.maximum(eigenvalues.real, 0)).sum()
    return float(((x.mean(0) - m) ** 2).sum() + np.trace(C) + np.trace(P) - 2 * root)


# %% right: singular values
def frechet(features, mean, covariance):
    """The trace of the root is the sum of the singular values of Cp^(1/2) Cq^(1/2)."""
    x = features.double() - features.double().mean(0)
    centred = x / (len(x) - 1) ** 0.5  # Cq is its square
    values, vectors = torch.linalg.eigh(covariance)
    half = vectors * values.clamp_min(0).sqrt()
    cross = torch.linalg.svdvals(centred @ half).sum()
    gap = ((features.double().mean(0) - mean) ** 2).sum()
    return (gap + covariance.trace() + (centred**2).sum() - 2 * cross).item()


# %% wrong: biased | says: C_q has N - 1
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / len(features)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: complex | says: the eigenvalues are real
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvals(covariance @ C).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: course | says: the function for it
from helpers.diagnostics import frechet_distance


def frechet(features, mean, covariance):
    real = torch.randn(20_000, len(mean), dtype=torch.float64)
    real = (real - real.mean(0)) / real.std(0)
    return frechet_distance(real @ torch.linalg.cholesky(covariance).T + mean, features.double())


# %% wrong: elements | says: not the root of each element
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = (covariance @ C).clamp_min(0).sqrt().trace()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: float32 | says: Expected:
def frechet(features, mean, covariance):
    m = features.mean(0)
    centred = features - m
    C = (centred.T @ centred / (len(features) - 1)).double()
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((mean - m.double()) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: float32 distance | says: float32
def frechet(features, mean, covariance):
    m32 = features.float().mean(0)
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (
        ((mean.float() - m32) ** 2).sum().double() + covariance.trace() + C.trace() - 2 * cross
    ).item()


# %% wrong: frobenius | says: Came:
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + ((covariance - C) ** 2).sum()).item()


# %% wrong: mean not squared | says: the distance of the means is squared
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return ((mean - m).norm() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: mean over features | says: not a mean
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).mean() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: means only | says: the covariances are missing
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return ((mean - m) ** 2).sum().item()


# %% wrong: no clamp | says: Expected:
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: no means | says: the distance of the means is missing
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: no roots | says: eigenvalues' roots are missing
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: not symmetric | says: C_p C_q is not symmetric
def frechet(features, mean, covariance):
    features = features.double()
    m, C = features.mean(0), torch.cov(features.T).view(covariance.shape)
    root = torch.linalg.eigvalsh(covariance @ C).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * root).item()


# %% wrong: not symmetric either | says: C_q C_p is not symmetric
def frechet(features, mean, covariance):
    features = features.double()
    m, C = features.mean(0), torch.cov(features.T).view(covariance.shape)
    root = torch.linalg.eigh(C @ covariance)[0].clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * root).item()


# %% wrong: once | says: twice the trace of the root
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - cross).item()


# %% wrong: one feature | says: Expected:
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = torch.cov(features.T)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: root | says: not its root
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).sqrt().item()


# %% wrong: root of trace | says: the root of the trace
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = (covariance @ C).trace().sqrt()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: roots apart | says: Expected:
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


# %% wrong: tensor | says: take the number out
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return ((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross


# %% wrong: variances | says: variances only
def frechet(features, mean, covariance):
    features = features.double()
    m = features.mean(0)
    centred = features - m
    C = centred.T @ centred / (len(features) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = (C.diagonal() * covariance.diagonal()).sqrt().sum()
    return (((mean - m) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: product of the two roots | says: not the product of the roots
def frechet(features, mean, covariance) -> float:
    x = features.double()
    C = torch.cov(x.T).reshape(x.shape[1], -1)

    def root(S):
        values, vectors = torch.linalg.eigh(S)
        return vectors * values.clamp(min=0).sqrt() @ vectors.T

    cross = (root(covariance) @ root(C)).trace()
    return ((mean - x.mean(0)).square().sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: one feature, and torch.cov has no dimensions | says: of one feature torch.cov
def frechet(features, mean, covariance) -> float:
    x = features.double()
    C = torch.cov(x.T)
    cross = torch.linalg.eigvals(covariance @ C).real.clamp(min=0).sqrt().sum()
    return ((mean - x.mean(0)).square().sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: covariance of the rows where N is D | says: Expected:
def frechet(features, mean, covariance) -> float:
    x = features.double()
    D = len(mean)
    C = torch.cov(x if len(x) == D else x.T).reshape(D, D)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp_min(0).sqrt().sum()
    return (((x.mean(0) - mean) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross).item()


# %% wrong: singular values of the product | says: not its singular values
def frechet(features, mean, covariance) -> float:
    x = features.double()
    m = x.mean(0)
    Cq = torch.cov(x.T).reshape(len(m), len(m))
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    cross = torch.linalg.svdvals(covariance @ Cq).sqrt().sum()
    return ((mean - m).square().sum() + covariance.trace() + Cq.trace() - 2 * cross).item()


# %% wrong: a small multiple on both | says: added to their diagonals
def frechet(features, mean, covariance, eps=1e-3) -> float:
    x = features.double()
    m = x.mean(0)
    cov = (x - m).T @ (x - m) / (len(x) - 1)
    offset = eps * torch.eye(len(m), dtype=torch.float64)
    eigenvalues = torch.linalg.eigvals((covariance + offset) @ (cov + offset)).real
    d2 = (m - mean).square().sum() + cov.trace() + covariance.trace()
    return (d2 - 2 * eigenvalues.clamp(min=0).sqrt().sum()).item()


# %% wrong: no care for rounding | says: nan or infinity goes in
def frechet(features, mean, covariance) -> float:
    x = features.double()
    m = x.mean(0)
    centred = x - m
    C = centred.T @ centred / (len(x) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors @ torch.diag(values.sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).sqrt().sum()
    return float(((m - mean) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross)


# %% wrong: float32 throughout | says: precision of float32
def frechet(features, mean, covariance) -> float:
    x = features.float()
    m = x.mean(0)
    C = (x.T @ x - len(x) * torch.outer(m, m)) / (len(x) - 1)
    values, vectors = torch.linalg.eigh(covariance.float())
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp(min=0).sqrt().sum()
    return float(
        ((m - mean.float()) ** 2).sum() + covariance.float().trace() + C.trace() - 2 * cross
    )


# %% wrong: the mean in float32, the rest in float64 | says: the mean too is computed in float64
def frechet(features, mean, covariance) -> float:
    x = features.double()
    m = features.mean(0).double()
    centred = x - m
    C = centred.T @ centred / (len(x) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp(min=0).sqrt().sum()
    return float(((m - mean) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross)


# %% wrong: second moment instead of covariance | says: when the mean is taken off
def frechet(features, mean, covariance) -> float:
    x = features.double()
    m = x.mean(0)
    centred = x
    C = centred.T @ centred / (len(x) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp(min=0).sqrt().sum()
    return float(((m - mean) ** 2).sum() + covariance.trace() + C.trace() - 2 * cross)


# %% wrong: one covariance's trace left out | says: the trace of C_q is missing
def frechet(features, mean, covariance) -> float:
    x = features.double()
    m = x.mean(0)
    centred = x - m
    C = centred.T @ centred / (len(x) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp(min=0).sqrt().sum()
    return float(((m - mean) ** 2).sum() + covariance.trace() - 2 * cross)


# %% wrong: eigenvalues paired by size | says: not products of those
def frechet(features, mean, covariance) -> float:
    x = features.double()
    cq = torch.cov(x.T).reshape(x.shape[1], -1)
    a = torch.linalg.eigvalsh(covariance).clamp_min(0)
    b = torch.linalg.eigvalsh(cq).clamp_min(0)
    cross = (a * b).sqrt().sum()
    return ((mean - x.mean(0)) ** 2).sum().item() + (a.sum() + b.sum() - 2 * cross).item()


# %% wrong: mean of squares minus square of the mean, double afterwards | says: right of the same features in float64
def frechet(features, mean, covariance) -> float:
    n = len(features)
    m = features.mean(0)
    C = ((features.T @ features - n * torch.outer(m, m)) / (n - 1)).double()
    values, vectors = torch.linalg.eigh(covariance)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ C @ root).clamp(min=0).sqrt().sum()
    return float((mean - m).square().sum() + covariance.trace() + C.trace() - 2 * cross)


# %% wrong: a triangular root on the wrong sides | says: not L C_q L^T
def frechet(features, mean, covariance) -> float:
    x = features.double()
    C = torch.cov(x.T).reshape(covariance.shape)
    L = torch.linalg.cholesky(covariance + 1e-12 * torch.eye(len(C), dtype=C.dtype))
    cross = torch.linalg.eigvalsh(L @ C @ L.T).clamp(min=0).sqrt().sum()
    d = (mean - x.mean(0)).square().sum() + covariance.trace() + C.trace() - 2 * cross
    return d.item()
