import copy


def logits_without(net, stage, k, x):
    other = copy.deepcopy(net).eval()
    conv = getattr(other, stage)[k].conv1
    if conv.stride[0] != 1 or conv.in_channels != conv.out_channels:
        raise ValueError("changes the shape")
    getattr(other, stage)[k] = nn.Identity()
    return other(x)
