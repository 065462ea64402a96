def receptive_field(layers):
    field = 1
    for K, S, D in reversed(layers):
        field = (field - 1) * S + D * (K - 1) + 1
    return field
