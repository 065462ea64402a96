# says: of a plain net changes the shape
import copy


def logits_without(net, stage, k, x):
    other = copy.deepcopy(net).eval()
    if getattr(other, stage)[k].downsample is not None:
        raise ValueError
    getattr(other, stage)[k] = nn.Identity()
    return other(x)
