def receptive_field(layers):
    if not layers:
        return 1
    (K, S, D), rest = layers[0], layers[1:]
    return D * (K - 1) + 1 + S * (receptive_field(rest) - 1)
