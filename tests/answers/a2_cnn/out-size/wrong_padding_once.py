# says: padding is added at both ends
def out_size(n, K, S=1, P=0, D=1):
    return (n + P - D * (K - 1) - 1) // S + 1
