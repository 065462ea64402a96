# says: whole-number division is //
def out_size(n, K, S=1, P=0, D=1):
    return (n + 2 * P - D * (K - 1) - 1) / S + 1
