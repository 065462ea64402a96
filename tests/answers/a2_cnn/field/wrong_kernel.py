# says: each layer adds D (K - 1)
def receptive_field(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += D * K * step
        step *= S
    return field
