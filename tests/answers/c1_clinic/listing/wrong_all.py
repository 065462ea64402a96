# says: lines that are right are left out
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items()}
