# says: dilation spreads its own kernel only
def receptive_field(layers):
    field, step = 1, 1
    for K, S, D in layers:
        field += D * (K - 1) * step
        step *= S * D
    return field
