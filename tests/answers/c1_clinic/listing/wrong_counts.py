# says: Expected:
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {
        name: tuple(d.get(name) and math.prod(d[name]) for d in (listed, true)) for name in names
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
