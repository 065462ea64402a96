# says: strides of earlier layers
def receptive_field(layers):
    return 1 + sum(D * (K - 1) for K, S, D in layers)
