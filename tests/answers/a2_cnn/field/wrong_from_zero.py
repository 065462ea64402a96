# says: start from 1
def receptive_field(layers):
    field, step = 0, 1
    for K, S, D in layers:
        field += D * (K - 1) * step
        step *= S
    return field
