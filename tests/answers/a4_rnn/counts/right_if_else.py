def count_model(kind, V, E, H, layers=1):
    if kind == "rnn":
        blocks, vectors = 1, 1
    elif kind == "gru":
        blocks, vectors = 3, 1
    else:
        blocks, vectors = 4, 2
    total = E * V  # embedding
    for layer in range(layers):
        reads = E if layer == 0 else H
        total += blocks * H * reads + blocks * H * H + 2 * blocks * H
    total += H * V + V
    return total, layers * vectors * H
