def max_pool(x, K, S):
    return x.unfold(2, K, S).max(-1)[0].unfold(3, K, S).max(-1)[0]
