# says: a layer's own stride
def receptive_field(layers):
    field, step = 1, 1
    for K, S, D in layers:
        step *= S
        field += D * (K - 1) * step
    return field
