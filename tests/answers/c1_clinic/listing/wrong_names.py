# says: a dict
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return [name for name, pair in pairs.items() if pair[0] != pair[1]]
