# says: only where x is added
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
