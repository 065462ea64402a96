# says: a parameter that the list leaves out
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = list(listed)
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
