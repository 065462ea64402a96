# says: its stride, its channels
import copy


def logits_without(net, stage, k, x):
    other = copy.deepcopy(net).eval()
    getattr(other, stage)[k] = nn.Identity()
    return other(x)
