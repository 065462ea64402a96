def audit(model, listing):
    true = {name: p.size() for name, p in model.named_parameters()}
    listed = dict(listing)
    result = {}
    for name in true.keys() | listed.keys():
        pair = listed.get(name), true.get(name)
        if pair[0] != pair[1]:
            result[name] = pair
    return result
