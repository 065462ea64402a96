# says: by hand
from helpers.models.resnet import ZeroPad


def shortcut_a(x, C_out, S):
    return ZeroPad(C_out - x.shape[1], S)(x)
