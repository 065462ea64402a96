# says: by hand
def count_model(kind, V, E, H, layers=1):
    made = (
        torch.empty,
        torch.nn.init.uniform_,
        torch.nn.init.normal_,
        torch.nn.init.kaiming_uniform_,
    )
    torch.empty = lambda *shape, **_: torch.zeros(*shape)
    torch.nn.init.uniform_ = torch.nn.init.normal_ = lambda weight, *_, **__: weight
    torch.nn.init.kaiming_uniform_ = torch.nn.init.normal_
    try:
        cell = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind](E, H, layers)
        parts = nn.ModuleList([nn.Embedding(V, E), cell, nn.Linear(H, V)])
    finally:
        torch.empty, torch.nn.init.uniform_, torch.nn.init.normal_ = made[:3]
        torch.nn.init.kaiming_uniform_ = made[3]
    return sum(p.numel() for p in parts.parameters()), layers * H * (1 + (kind == "lstm"))
