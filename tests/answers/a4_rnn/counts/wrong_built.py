# says: by hand
def count_model(kind, V, E, H, layers=1):
    from helpers.models import rnn

    model = rnn.LanguageModel(V, H, E, kind, layers)
    parameters = sum(p.numel() for p in model.parameters())
    return parameters, layers * H * (1 + (kind == "lstm"))
