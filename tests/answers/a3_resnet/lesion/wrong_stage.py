# says: not of layer1
import copy


def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    other = copy.deepcopy(net).eval()
    other.layer1[k] = nn.Identity()
    return other(x)
