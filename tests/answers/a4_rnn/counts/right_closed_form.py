def count_model(kind, V, E, H, layers=1):
    g = (("rnn", 1), ("gru", 3), ("lstm", 4))
    g = dict(g)[kind]
    first = g * H * (E + H + 2)
    others = (layers - 1) * g * H * (2 * H + 2)
    return (V * (E + H + 1) + first + others, H * layers * (g // 4 + 1))
