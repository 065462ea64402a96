# says: this is the mean
def max_pool(x, K, S):
    return x.unfold(2, K, S).unfold(3, K, S).mean((4, 5))
