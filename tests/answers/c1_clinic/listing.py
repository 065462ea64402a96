# %% right: loops
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


# %% right: sizes
def audit(model, listing):
    true = {name: p.size() for name, p in model.named_parameters()}
    listed = dict(listing)
    result = {}
    for name in true.keys() | listed.keys():
        pair = listed.get(name), true.get(name)
        if pair[0] != pair[1]:
            result[name] = pair
    return result


# %% right: without buffers
def audit(model, listing):
    buffers = {name for name, _ in model.named_buffers()}
    true = {n: tuple(v.shape) for n, v in model.state_dict().items() if n not in buffers}
    wrong = {n: (tuple(s), true.get(n)) for n, s in listing if true.get(n) != tuple(s)}
    left_out = {n: (None, s) for n, s in true.items() if n not in dict(listing)}
    return {**wrong, **left_out}


# %% wrong: all | says: lines that are right are left out
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items()}


# %% wrong: counts | says: Expected:
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {
        name: tuple(d.get(name) and math.prod(d[name]) for d in (listed, true)) for name in names
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# %% wrong: extra not found | says: a line for a parameter that the model does not have
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = list(true)
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# %% wrong: hard coded | says: lines that are right are left out
def audit(model, listing):
    return {
        "conv.bias": ((4, 2, 1, 1), (4,)),
        "bn.weight": (None, (4,)),
        "fc.weight": ((4, 3), (3, 4)),
        "fc.bias": ((3,), None),
    }


# %% wrong: left out not found | says: a parameter that the list leaves out
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = list(listed)
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# %% wrong: line by line | says: audit: a convolution
def audit(model, listing):
    found = {}
    for (name, shape), (_, p) in zip(listing, model.named_parameters(), strict=False):
        if shape != tuple(p.shape):
            found[name] = (shape, tuple(p.shape))
    return found


# %% wrong: names | says: a dict
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return [name for name, pair in pairs.items() if pair[0] != pair[1]]


# %% wrong: rank only | says: the order of the sizes counts too
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if len(pair[0] or ()) != len(pair[1] or ())}


# %% wrong: size only | says: the order of the sizes counts too
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {
        name: pair
        for name, pair in pairs.items()
        if math.prod(pair[0] or (0,)) != math.prod(pair[1] or (0,))
    }


# %% wrong: statistics | says: running statistics are no parameters
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.state_dict().items()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# %% wrong: strings | says: Expected:
def audit(model, listing):
    listed = dict(listing)
    true = {name: str(tuple(p.shape)) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (listed.get(name), true.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# %% wrong: turned | says: the shape in the list comes first
def audit(model, listing):
    listed = dict(listing)
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    names = [*true, *(name for name in listed if name not in true)]
    pairs = {name: (true.get(name), listed.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# %% wrong: frozen parameters left out | says: frozen (requires_grad=False) is one too
def audit(model, listing: list[tuple[str, tuple]]) -> dict:
    said = dict(listing)
    true = {n: tuple(p.shape) for n, p in model.named_parameters() if p.requires_grad}
    names = set(said) | set(true)
    return {n: (said.get(n), true.get(n)) for n in names if said.get(n) != true.get(n)}


# %% wrong: a parameter without dimensions taken for none | says: 'scale' found
def audit(model, listing: list[tuple[str, tuple]]) -> dict:
    listed = {name: tuple(shape) for name, shape in listing}
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    pairs = {n: (listed.get(n) or None, true.get(n) or None) for n in listed | true}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


# %% wrong: an empty shape taken for none | says: () is a shape too
def audit(model, listing: list[tuple[str, tuple]]) -> dict:
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    listed = {name: tuple(shape) for name, shape in listing}
    names = [*listed, *(name for name in true if name not in listed)]
    return {
        n: (listed.get(n) or None, true.get(n) or None)
        for n in names
        if listed.get(n) != true.get(n)
    }


# %% wrong: layers' weight and bias only | says: named_parameters() gives all
def audit(model, listing: list[tuple[str, tuple]]) -> dict:
    true = {}
    for path, module in model.named_modules():
        for kind in ("weight", "bias"):
            p = getattr(module, kind, None)
            if isinstance(p, nn.Parameter):
                true[f"{path}.{kind}".lstrip(".")] = tuple(p.shape)
    listed = {name: tuple(shape) for name, shape in listing}
    return {n: (listed.get(n), true.get(n)) for n in true | listed if listed.get(n) != true.get(n)}


# %% wrong: shape or None | says: () is a shape too
def audit(model, listing):
    printed = dict(listing)
    real = {n: tuple(p.shape) for n, p in model.named_parameters()}
    report = {}
    for name in [*printed, *(n for n in real if n not in printed)]:
        a, b = printed.get(name) or None, real.get(name) or None
        if a != b:
            report[name] = (a, b)
    return report


# %% wrong: numbers of numbers | says: not how many numbers
def audit(model, listing: list[tuple[str, tuple]]) -> dict:
    true = {name: p.numel() for name, p in model.named_parameters()}
    said = {name: math.prod(shape) for name, shape in listing}
    return {
        name: (said.get(name), true.get(name))
        for name in {**said, **true}
        if said.get(name) != true.get(name)
    }


# %% wrong: an empty tuple for what is missing | says: is None, not ()
def audit(model, listing: list[tuple[str, tuple]]) -> dict:
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    said = {name: tuple(shape) for name, shape in listing}
    return {
        name: (said.get(name, ()), true.get(name, ()))
        for name in {**said, **true}
        if said.get(name) != true.get(name)
    }


# %% right: lists of numbers
def audit(model, listing):
    listed = {name: list(shape) for name, shape in listing}
    true = {name: list(p.shape) for name, p in model.named_parameters()}
    names = {*listed, *true}
    return {n: (listed.get(n), true.get(n)) for n in names if listed.get(n) != true.get(n)}


# %% wrong: state_dict without the running statistics | says: a buffer is no parameter
def audit(model, listing: list[tuple[str, tuple]]) -> dict:
    true = {
        name: tuple(t.shape)
        for name, t in model.state_dict().items()
        if "running_" not in name and "num_batches" not in name
    }
    said = {name: tuple(shape) for name, shape in listing}
    names = list(said) + [name for name in true if name not in said]
    return {n: (said.get(n), true.get(n)) for n in names if said.get(n) != true.get(n)}


# %% wrong: shapes in any order | says: the order of the sizes counts too
def audit(model, listing):
    true = {name: tuple(p.shape) for name, p in model.named_parameters()}
    said = {name: tuple(shape) for name, shape in listing}
    pairs = {n: (said.get(n), true.get(n)) for n in said | true}
    return {n: (a, b) for n, (a, b) in pairs.items() if None in (a, b) or sorted(a) != sorted(b)}


# %% wrong: axes of one left out of the comparison | says: a size of 1 is a dimension too
def audit(model, listing: list[tuple[str, tuple]]) -> dict:
    told, true = dict(listing), {name: tuple(p.shape) for name, p in model.named_parameters()}

    def core(shape):
        return None if shape is None else [n for n in shape if n != 1]

    names = list(told) + [name for name in true if name not in told]
    return {
        name: (told.get(name), true.get(name))
        for name in names
        if core(told.get(name)) != core(true.get(name))
    }
