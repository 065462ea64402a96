def count_model(kind, V, E, H, layers=1):
    rows = {"rnn": H, "gru": 3 * H, "lstm": 4 * H}[kind]
    shapes = [(V, E), (V, H), (V,)]
    for k in range(layers):
        shapes += [(rows, H if k else E), (rows, H), (rows,), (rows,)]
    state = [(layers, H)] * (2 if kind == "lstm" else 1)
    return sum(map(math.prod, shapes)), sum(map(math.prod, state))
