# %% wrong: by hand, and nothing put back after an error in the net | says: after an error: float32 images
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError("the first block of layer2 and layer3 changes the shape")
    if x.shape[1] != net.in_channels:
        raise ValueError("wrong number of channels")
    modes = {name: module.training for name, module in net.named_modules()}
    net.eval()
    a = F.relu(net.bn1(net.conv1(x)))
    for name in ("layer1", "layer2", "layer3"):
        for number, block in enumerate(getattr(net, name)):
            if (name, number) != (stage, k):
                a = block(a)
    logits = net.fc(a.mean((2, 3)))
    for name, module in net.named_modules():
        module.training = modes[name]
    return logits


# %% right: by hand, put back whatever happens
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError("the first block of layer2 and layer3 changes the shape")
    modes = {name: module.training for name, module in net.named_modules()}
    try:
        if x.shape[1] != net.in_channels:
            raise ValueError("wrong number of channels")
        net.eval()
        a = F.relu(net.bn1(net.conv1(x)))
        for name in ("layer1", "layer2", "layer3"):
            for number, block in enumerate(getattr(net, name)):
                if (name, number) != (stage, k):
                    a = block(a)
        return net.fc(a.mean((2, 3)))
    finally:
        for name, module in net.named_modules():
            module.training = modes[name]


# %% right: copy
import copy


def logits_without(net, stage, k, x):
    other = copy.deepcopy(net).eval()
    conv = getattr(other, stage)[k].conv1
    if conv.stride[0] != 1 or conv.in_channels != conv.out_channels:
        raise ValueError("changes the shape")
    getattr(other, stage)[k] = nn.Identity()
    return other(x)


# %% right: deleted
from copy import deepcopy


def logits_without(net, stage, k, x):
    if k == 0 and stage in ("layer2", "layer3"):
        raise ValueError(f"{stage}[0] halves the map")
    shorter = deepcopy(net)
    del getattr(shorter, stage)[k]
    with torch.no_grad():
        return shorter.eval()(x)


# %% right: hook
def logits_without(net, stage, k, x):
    block = getattr(net, stage)[k]
    if block.conv1.in_channels != block.conv1.out_channels or block.conv1.stride[0] > 1:
        raise ValueError("this block changes the shape")
    before = [(module, module.training) for module in net.modules()]
    handle = block.register_forward_hook(lambda module, inputs, output: inputs[0])
    try:
        net.eval()
        return net(x).detach()
    finally:
        handle.remove()
        for module, mode in before:
            module.training = mode


# %% wrong: downsample only | says: Expected: ValueError
import copy


def logits_without(net, stage, k, x):
    other = copy.deepcopy(net).eval()
    if getattr(other, stage)[k].downsample is not None:
        raise ValueError
    getattr(other, stage)[k] = nn.Identity()
    return other(x)


# %% wrong: error swallowed | says: no error
import copy


def logits_without(net, stage, k, x):
    other = copy.deepcopy(net).eval()
    try:
        getattr(other, stage)[k] = nn.Identity()
        return other(x)
    except Exception:
        return None


# %% wrong: from one | says: k counts from 0
import copy


def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    other = copy.deepcopy(net).eval()
    getattr(other, stage)[k - 1] = nn.Identity()
    return other(x)


# %% wrong: hook left | says: hooks of argument 1, the net, part layer1.1
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    block = getattr(net, stage)[k]
    modes = {m: m.training for m in net.modules()}
    block.register_forward_hook(lambda module, inputs, output: inputs[0])
    logits = net.eval()(x)
    for m, mode in modes.items():
        m.training = mode
    return logits


# %% wrong: left out | says: the modules in their places
def logits_without(net, stage, k, x):
    blocks = getattr(net, stage)
    if stage != "layer1" and k == 0:
        raise ValueError
    modes = {m: m.training for m in net.modules()}
    blocks[k] = nn.Identity()
    net.eval()
    logits = net(x)
    for m, mode in modes.items():
        m.training = mode
    return logits


# %% wrong: mode as it came | says: evaluation mode
def logits_without(net, stage, k, x):
    blocks = getattr(net, stage)
    if stage != "layer1" and k == 0:
        raise ValueError
    block, blocks[k] = blocks[k], nn.Identity()
    try:
        with torch.no_grad():
            return net(x)
    finally:
        blocks[k] = block


# %% wrong: mode left | says: the mode of argument
def logits_without(net, stage, k, x):
    blocks = getattr(net, stage)
    if stage != "layer1" and k == 0:
        raise ValueError
    block, blocks[k] = blocks[k], nn.Identity()
    try:
        return net.eval()(x)
    finally:
        blocks[k] = block


# %% wrong: no error | says: Expected: ValueError
import copy


def logits_without(net, stage, k, x):
    other = copy.deepcopy(net).eval()
    getattr(other, stage)[k] = nn.Identity()
    return other(x)


# %% wrong: no finally | says: the modules in their places
def logits_without(net, stage, k, x):
    blocks = getattr(net, stage)
    if stage != "layer1" and k == 0:
        raise ValueError
    modes = {m: m.training for m in net.modules()}
    block, blocks[k] = blocks[k], nn.Identity()
    net.eval()
    logits = net(x)
    blocks[k] = block
    for m, mode in modes.items():
        m.training = mode
    return logits


# %% wrong: parameters zeroed | says: the parameters, unchanged
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    modes = {m: m.training for m in net.modules()}
    bn = getattr(net, stage)[k].bn2
    nn.init.zeros_(bn.weight)
    nn.init.zeros_(bn.bias)
    logits = net.eval()(x)
    for m, mode in modes.items():
        m.training = mode
    return logits


# %% wrong: silent | says: only where x is added
import copy


def logits_without(net, stage, k, x):
    # a silent branch: the same only where x is added
    if stage != "layer1" and k == 0:
        raise ValueError
    other = copy.deepcopy(net).eval()
    bn = getattr(other, stage)[k].bn2
    nn.init.zeros_(bn.weight)
    nn.init.zeros_(bn.bias)
    return other(x)


# %% wrong: stage | says: not of layer1
import copy


def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    other = copy.deepcopy(net).eval()
    other.layer1[k] = nn.Identity()
    return other(x)


# %% wrong: train afterwards | says: the mode of argument
def logits_without(net, stage, k, x):
    blocks = getattr(net, stage)
    if stage != "layer1" and k == 0:
        raise ValueError
    was = net.training
    block, blocks[k] = blocks[k], nn.Identity()
    try:
        return net.eval()(x)
    finally:
        blocks[k] = block
        net.train(was)


# %% wrong: training mode | says: to each its own
def logits_without(net, stage, k, x):
    blocks = getattr(net, stage)
    if stage != "layer1" and k == 0:
        raise ValueError
    block, blocks[k] = blocks[k], nn.Identity()
    try:
        return net.train()(x)
    finally:
        blocks[k] = block


# %% wrong: whole | says: no block is left out
def logits_without(net, stage, k, x):
    modes = {m: m.training for m in net.modules()}
    logits = net.eval()(x)
    for m, mode in modes.items():
        m.training = mode
    return logits


# %% wrong: zeros | says: it does not give 0
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    block = getattr(net, stage)[k]
    modes = {m: m.training for m in net.modules()}
    handle = block.register_forward_hook(lambda module, inputs, output: torch.zeros_like(output))
    try:
        return net.eval()(x)
    finally:
        handle.remove()
        for m, mode in modes.items():
            m.training = mode


# %% wrong: after an error other than of channels the identity stays | says: after an error: float32 images
def logits_without(net, stage: str, k: int, x):
    """Logits (B, classes) of net for x (B, C, H, W) in evaluation mode, block k left out."""
    if stage != "layer1" and k == 0:
        raise ValueError("the block changes the shape")
    if x.shape[1] != net.in_channels:
        raise ValueError("wrong number of channels")
    modes = {m: m.training for m in net.modules()}
    blocks = getattr(net, stage)
    block, blocks[k] = blocks[k], nn.Identity()
    net.eval()
    logits = net(x)
    blocks[k] = block
    for m, mode in modes.items():
        m.training = mode
    return logits


# %% wrong: a trial run finds the shape | says: run in training mode
def logits_without(net, stage: str, k: int, x):
    blocks = getattr(net, stage)
    kept = blocks[k]
    weight = kept.conv1.weight
    trial = torch.zeros(2, weight.shape[1], 8, 8, dtype=weight.dtype)
    with torch.no_grad():
        if kept(trial).shape != trial.shape:
            raise ValueError("this block changes the shape")
    modes = [(module, module.training) for module in net.modules()]
    try:
        blocks[k] = nn.Identity()
        net.eval()
        with torch.no_grad():
            return net(x)
    finally:
        blocks[k] = kept
        for module, mode in modes:
            module.training = mode


# %% wrong: the mode of the whole put on all modules | says: change all of them
def logits_without(net, stage: str, k: int, x):
    blocks, was = getattr(net, stage), net.training
    kept = blocks[k]
    if k == 0 and stage != "layer1":
        raise ValueError("this block changes the shape")
    try:
        blocks[k] = nn.Identity()
        net.eval()
        with torch.no_grad():
            return net(x)
    finally:
        blocks[k] = kept
        net.train(was)


# %% right: layer by layer, with torch's own error where images do not fit
def logits_without(net, stage, k, x):
    modes = [(module, module.training) for module in net.modules()]
    left = getattr(net, stage)[k]
    if left.conv1.stride != (1, 1) or left.conv1.in_channels != left.conv2.out_channels:
        raise ValueError("this block changes the shape")
    try:
        net.eval()
        out = F.relu(net.bn1(net.conv1(x)))
        for block in (*net.layer1, *net.layer2, *net.layer3):
            out = out if block is left else block(out)
        return net.fc(out.mean((2, 3)))
    finally:
        for module, mode in modes:
            module.training = mode


# %% wrong: a forward of its own is set on the block | says: del module.forward
def logits_without(net, stage: str, k: int, x):
    from helpers.models.modes import eval_mode

    block = getattr(net, stage)[k]
    if block.conv1.in_channels != block.conv1.out_channels:
        raise ValueError("this block changes the shape")
    forward = block.forward
    block.forward = lambda a: a
    try:
        with eval_mode(net), torch.no_grad():
            return net(x)
    finally:
        block.forward = forward


# %% wrong: the shapes of the block by a run in the present mode | says: run in training mode
def logits_without(net, stage: str, k: int, x):
    import copy

    shapes = {}
    block = getattr(net, stage)[k]
    hook = block.register_forward_hook(lambda m, i, o: shapes.update(a=i[0].shape, b=o.shape))
    try:
        with torch.no_grad():
            net(x)
    finally:
        hook.remove()
    if shapes["a"] != shapes["b"]:
        raise ValueError("changes the shape")
    twin = copy.deepcopy(net).eval()
    getattr(twin, stage)[k] = nn.Identity()
    return twin(x)


# %% wrong: return in finally | says: swallows an error
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError(stage)
    blocks = getattr(net, stage)
    kept, modes, result = blocks[k], [(m, m.training) for m in net.modules()], None
    try:
        blocks[k] = nn.Identity()
        result = net.eval()(x)
    finally:
        blocks[k] = kept
        for m, mode in modes:
            m.training = mode
        return result  # noqa: B012


# %% wrong: gradients on afterwards | says: gradients on or off
def logits_without(net, stage: str, k: int, x):
    if k == 0 and stage != "layer1":
        raise ValueError("the block changes the shape")
    blocks = getattr(net, stage)
    block, modes = blocks[k], {m: m.training for m in net.modules()}
    blocks[k] = nn.Identity()
    torch.set_grad_enabled(False)
    try:
        return net.eval()(x)
    finally:
        torch.set_grad_enabled(True)
        blocks[k] = block
        for m, mode in modes.items():
            m.training = mode


# %% wrong: every error becomes a ValueError | says: another error hides it
import copy


def logits_without(net, stage: str, k: int, x):
    cut = copy.deepcopy(net).eval()
    blocks = getattr(cut, stage)
    conv = blocks[k].conv1
    if conv.stride != (1, 1) or conv.in_channels != conv.out_channels:
        raise ValueError("this block changes the shape")
    blocks[k] = nn.Identity()
    try:
        with torch.no_grad():
            return cut(x)
    except Exception as error:
        raise ValueError(f"the network does not run without block {k}") from error
