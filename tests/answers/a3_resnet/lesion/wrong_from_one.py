# says: k counts from 0
import copy


def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    other = copy.deepcopy(net).eval()
    getattr(other, stage)[k - 1] = nn.Identity()
    return other(x)
