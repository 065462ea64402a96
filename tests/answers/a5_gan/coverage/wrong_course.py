# says: without the function for it
from helpers import diagnostics


def coverage(samples, centres, weights, sigma):
    found = diagnostics.mode_coverage(samples, centres, sigma)
    return found.covered.item(), found.quality.item()
