# says: not D K
def out_size(n, K, S=1, P=0, D=1):
    return (n + 2 * P - D * K) // S + 1
