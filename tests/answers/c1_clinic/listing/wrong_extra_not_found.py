# says: a line for a parameter that the model does not have
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = list(true)
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
