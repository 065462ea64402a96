# says: round down
import math


def out_size(n, K, S=1, P=0, D=1):
    return math.ceil((n + 2 * P - D * (K - 1) - 1) / S) + 1
