def audit(model, listing):
    found = {}
    parameters = dict(model.named_parameters())
    for name, shape in listing:
        if name not in parameters:
            found[name] = (tuple(shape), None)
        elif tuple(parameters[name].shape) != tuple(shape):
            found[name] = (tuple(shape), tuple(parameters[name].shape))
    listed = [name for name, _ in listing]
    for name in parameters:
        if name not in listed:
            found[name] = (None, tuple(parameters[name].shape))
    return found
