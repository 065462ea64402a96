def audit(model, listing):
    buffers = {name for name, _ in model.named_buffers()}
    true = {n: tuple(v.shape) for n, v in model.state_dict().items() if n not in buffers}
    wrong = {n: (tuple(s), true.get(n)) for n, s in listing if true.get(n) != tuple(s)}
    left_out = {n: (None, s) for n, s in true.items() if n not in dict(listing)}
    return {**wrong, **left_out}
