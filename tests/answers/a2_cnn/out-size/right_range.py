def out_size(n, K, S=1, P=0, D=1):
    return len(range(0, n + 2 * P - D * (K - 1), S))
