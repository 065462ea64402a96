# says: by hand
def count_model(kind, V, E, H, layers=1):
    layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind](E, H, layers, device="meta")
    parameters = sum(p.numel() for p in layer.parameters()) + V * E + V * H + V
    return parameters, layers * H * (1 + (kind == "lstm"))
