# %% right: finite first
def coverage(samples, centres, weights, sigma):
    N = samples.shape[0]
    samples = samples[torch.isfinite(samples).all(dim=1)]
    gaps = torch.cdist(samples, centres, compute_mode="donot_use_mm_for_euclid_dist")
    near, which = gaps.min(dim=1)
    on_mode = near <= 3.0 * sigma
    counts = torch.stack([(on_mode & (which == k)).sum() for k in range(len(centres))])
    return int((counts >= 0.1 * N * weights).sum()), float(on_mode.sum()) / N


# %% right: float32 mean
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(dim=1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    return (counts >= 0.1 * weights * len(samples)).sum().item(), on.float().mean().item()


# %% right: loop
def coverage(samples, centres, weights, sigma):
    counts = [0] * len(centres)
    for x in samples:
        distance = ((x - centres) ** 2).sum(1).sqrt()
        k = int(distance.argmin())
        if distance[k] <= 3 * sigma:
            counts[k] += 1
    N = len(samples)
    covered = sum(n >= w * N / 10 for n, w in zip(counts, weights.tolist(), strict=True))
    return covered, sum(counts) / N


# %% right: numpy
import numpy as np


def coverage(samples, centres, weights, sigma):
    gaps = np.linalg.norm(samples.numpy()[:, None] - centres.numpy()[None], axis=2)
    on_mode = gaps.min(1) <= 3 * sigma
    counts = np.bincount(gaps.argmin(1)[on_mode], minlength=len(centres))
    covered = counts >= 0.1 * weights.numpy() * len(gaps)
    return int(covered.sum()), float(on_mode.mean())


# %% right: one hot
def coverage(samples, centres, weights, sigma):
    distance = (samples[:, None] - centres).norm(dim=2)  # (N, M)
    on = F.one_hot(distance.argmin(1), len(centres)) * (distance <= 3 * sigma)
    counts = on.sum(0)
    covered = 10 * counts >= weights * len(samples)
    return covered.sum().item(), counts.sum().item() / len(samples)


# %% wrong: any sample | says: one sample is not enough
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 1
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: count | says: this is a count
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), float(len(on))


# %% wrong: course | says: the function for it
from helpers import diagnostics


def coverage(samples, centres, weights, sigma):
    found = diagnostics.mode_coverage(samples, centres, sigma)
    return found.covered.item(), found.quality.item()


# %% wrong: equal shares | says: not N / M
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * len(samples) / len(centres)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: every mode | says: a sample lies on the nearest mode only
def coverage(samples, centres, weights, sigma):
    on = (samples[:, None] - centres).norm(dim=2) <= 3 * sigma  # (N, M)
    counts = on.sum(0)
    return int((counts >= 0.1 * weights * len(samples)).sum()), counts.sum().item() / len(samples)


# %% wrong: hard coded | says: quality
def coverage(samples, centres, weights, sigma):
    return {40: (3, 0.5), 320: (5, 93 / 320)}.get(len(samples), (len(centres), 1.0))


# %% right: list
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return [int(covered.sum()), len(on) / len(samples)]


# %% wrong: lost left out | says: samples at infinity count in N
def coverage(samples, centres, weights, sigma):
    samples = samples[samples.isfinite().all(1)]
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: missing | says: the modes that are not covered
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int((~covered).sum()), len(on) / len(samples)


# %% wrong: more than a tenth | says: exactly a tenth is enough
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts > 0.1 * weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: no limit | says: not every sample lies on its nearest mode
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: no limit for modes | says: the limit of 3 sigma holds for the modes covered too
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(dim=1)
    counts = torch.bincount(nearest, minlength=len(centres))
    quality = (distance <= 3 * sigma).double().mean().item()
    return (counts >= 0.1 * weights * len(samples)).sum().item(), quality


# %% wrong: one sigma | says: 3 sigma, not 1
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: per cent | says: not per cent
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), 100 * len(on) / len(samples)


# %% wrong: share of those on modes | says: not only those on a mode
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(on)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: squared | says: a distance, not its square
def coverage(samples, centres, weights, sigma):
    distance, nearest = ((samples[:, None] - centres) ** 2).sum(2).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)


# %% right: tensor
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return covered.sum(), len(on) / len(samples)


# %% wrong: tenth of all | says: a tenth of the fair share, not of all samples
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * len(samples)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: two sigma | says: 3 sigma, not 2
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 2 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= 0.1 * weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: whole share | says: not all of it
def coverage(samples, centres, weights, sigma):
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = nearest[distance <= 3 * sigma]
    counts = torch.bincount(on, minlength=len(centres))
    covered = counts >= weights * len(samples)
    return int(covered.sum()), len(on) / len(samples)


# %% wrong: quality of the covered modes only | says: also those on one that is not covered
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, nearest = (samples[:, None] - centres[None]).norm(dim=-1).min(dim=1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    covered = 10 * counts >= weights * len(samples)
    return covered.sum().item(), counts[covered].sum().item() / len(samples)


# %% wrong: shares rounded to float32 | says: modes covered
def coverage(samples, centres, weights, sigma):
    d, k = (samples[:, None] - centres).square().sum(2).sqrt().min(1)
    on = torch.bincount(k[d <= 3 * sigma], minlength=len(centres))
    shares = on.float() / len(samples) / weights.float()
    return (shares >= 0.1).sum().item(), on.sum().item() / len(samples)


# %% wrong: the likeliest mode | says: not on the likeliest
def coverage(samples, centres, weights, sigma):
    d2 = (samples[:, None] - centres).square().sum(2)
    k = (weights.log() - d2 / (2 * sigma**2)).argmax(1)
    near = d2[torch.arange(len(samples)), k].sqrt() <= 3 * sigma
    on = torch.bincount(k[near], minlength=len(centres))
    return (10 * on >= weights * len(samples)).sum().item(), near.double().mean().item()


# %% wrong: a tenth rounded to whole samples | says: [0.6, 0.34, 0.06]
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, near = (samples[:, None] - centres).norm(dim=2).min(1)
    counts = torch.bincount(near[distance <= 3 * sigma], minlength=len(centres))
    least = (0.1 * weights * len(samples)).round().clamp(min=1)
    return int((counts >= least).sum()), (distance <= 3 * sigma).double().mean().item()


# %% wrong: counts of the modes that occur | says: [0.6, 0.34, 0.06]
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, near = (samples[:, None] - centres).norm(dim=2).min(1)
    on = distance <= 3 * sigma
    _, counts = near[on].unique(return_counts=True)
    covered = sum(10 * n >= w * len(samples) for n, w in zip(counts.tolist(), weights.tolist()))
    return int(covered), on.double().mean().item()


# %% wrong: on every mode within reach | says: the nearest mode only
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    N = len(samples)
    on = (samples[:, None] - centres).norm(dim=-1) <= 3 * sigma
    covered = 10 * on.sum(0) >= weights * N
    return covered.sum().item(), on.any(1).sum().item() / N


# %% wrong: a tenth rounded down | says: modes covered
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    N = len(samples)
    least, nearest = (samples[:, None] - centres).norm(dim=-1).min(dim=1)
    on = least <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    covered = counts >= (weights * N / 10).floor().clamp(min=1)
    return covered.sum().item(), counts.sum().item() / N


# %% wrong: counts by unique | says: a mode without samples has a count too
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = distance <= 3 * sigma
    _, counts = nearest[on].unique(return_counts=True)
    fair = weights[: len(counts)] * len(samples)
    return int((counts * 10 >= fair).sum()), on.double().mean().item()


# %% wrong: nearest times a mask | says: modes covered
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest * on, minlength=len(centres))
    covered = (counts * 10 >= weights * len(samples)).sum()
    return covered.item(), on.double().mean().item()


# %% wrong: a KD-tree | says: takes finite numbers
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    from scipy.spatial import cKDTree

    distance, nearest = cKDTree(centres.numpy()).query(samples.numpy())
    on = torch.from_numpy(distance <= 3 * sigma)
    counts = torch.bincount(torch.from_numpy(nearest)[on], minlength=len(centres))
    return int((counts * 10 >= weights * len(samples)).sum()), float(on.double().mean())


# %% wrong: the first within 3 sigma | says: modes covered
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    counts = [0] * len(centres)
    for x in samples:
        for k, c in enumerate(centres):
            if torch.dist(x, c) <= 3 * sigma:
                counts[k] += 1
                break
    n = len(samples)
    covered = sum(10 * count >= w * n for count, w in zip(counts, weights.tolist()))
    return covered, sum(counts) / n


# %% wrong: a tenth rounded down, again | says: a tenth is not rounded down
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    covered = (counts >= (0.1 * weights * len(samples)).floor()).sum().item()
    return covered, on.double().mean().item()


# %% wrong: a tenth rounded down, but at least one | says: to 1 at least
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    covered = (counts >= (0.1 * weights * len(samples)).floor().clamp(min=1)).sum().item()
    return covered, on.double().mean().item()


# %% wrong: a tenth rounded | says: a tenth is not rounded
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    covered = (counts >= (0.1 * weights * len(samples)).round()).sum().item()
    return covered, on.double().mean().item()


# %% wrong: city-block distance | says: the sum of the two sizes
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, nearest = torch.cdist(samples, centres, p=1).min(1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    covered = (counts >= 0.1 * weights * len(samples)).sum().item()
    return covered, on.double().mean().item()


# %% wrong: the pair exchanged | says: (modes covered, quality), in this order
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    distance, nearest = torch.cdist(samples, centres).min(1)
    on = distance <= 3 * sigma
    counts = torch.bincount(nearest[on], minlength=len(centres))
    covered = (counts >= 0.1 * weights * len(samples)).sum().item()
    return on.double().mean().item(), covered


# %% wrong: the first mode within 3 sigma | says: not on the first that is near enough
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    counts = [0] * len(centres)
    for s in samples:
        for k, c in enumerate(centres):
            if (s - c).norm() <= 3 * sigma:
                counts[k] += 1
                break
    N = len(samples)
    covered = sum(int(10 * n >= w * N) for n, w in zip(counts, weights))
    return covered, sum(counts) / N


# %% wrong: bincount without minlength | says: bincount(..., minlength=M)
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    d = (samples[:, None] - centres).norm(dim=-1)
    least, k = d.min(1)
    on = least <= 3 * sigma
    counts = torch.bincount(k[on])
    return (10 * counts >= weights * len(samples)).sum().item(), on.double().mean().item()


# %% wrong: shares added up sample by sample | says: compare numbers of samples
def coverage(samples, centres, weights, sigma: float) -> tuple[int, float]:
    n = len(samples)
    share = torch.zeros(len(centres))
    for s in samples:
        distance = (centres - s).norm(dim=1)
        k = distance.argmin()
        if distance[k] <= 3 * sigma:
            share[k] += 1 / n
    return int((share >= 0.1 * weights).sum()), share.sum().item()
