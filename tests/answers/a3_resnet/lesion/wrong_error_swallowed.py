# says: no error
import copy


def logits_without(net, stage, k, x):
    other = copy.deepcopy(net).eval()
    try:
        getattr(other, stage)[k] = nn.Identity()
        return other(x)
    except Exception:
        return None
