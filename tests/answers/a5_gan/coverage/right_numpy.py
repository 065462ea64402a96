import numpy as np


def coverage(samples, centres, weights, sigma):
    gaps = np.linalg.norm(samples.numpy()[:, None] - centres.numpy()[None], axis=2)
    on_mode = gaps.min(1) <= 3 * sigma
    counts = np.bincount(gaps.argmin(1)[on_mode], minlength=len(centres))
    covered = counts >= 0.1 * weights.numpy() * len(gaps)
    return int(covered.sum()), float(on_mode.mean())
