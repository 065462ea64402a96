def receptive_field(layers):
    import math

    strides = [S for _, S, _ in layers]
    return 1 + sum(D * (K - 1) * math.prod(strides[:n]) for n, (K, _, D) in enumerate(layers))
