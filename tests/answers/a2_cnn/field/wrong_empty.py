# says: IndexError
def receptive_field(layers):
    field, step = layers[0][2] * (layers[0][0] - 1) + 1, layers[0][1]
    for K, S, D in layers[1:]:
        field += D * (K - 1) * step
        step *= S
    return field
