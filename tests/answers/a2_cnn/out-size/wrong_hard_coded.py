# says: Came:     0
def out_size(n, K, S=1, P=0, D=1):
    return {(8, 3, 1): 6, (32, 5, 2): 16, (28, 3, 3): 9}.get((n, K, S), 0)
