# says: audit: a convolution
def audit(model, listing):
    found = {}
    for (name, shape), (_, p) in zip(listing, model.named_parameters(), strict=False):
        if shape != tuple(p.shape):
            found[name] = (shape, tuple(p.shape))
    return found
