# says: its two convolutions are not listed apart
def layout(n, size=32, w=16):
    layers, C_in = [], w
    for stage in range(3):
        for k in range(2 * n):
            S = 2 if stage and k == 0 else 1
            size //= S
            layers.append((C_in, w * 2**stage, S, size))
            C_in = w * 2**stage
    return layers
