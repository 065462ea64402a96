# says: by hand
from helpers.models.resnet import make_shortcut


def projection(C_in, C_out, S, option):
    return make_shortcut(C_in, C_out, S, "B") or nn.Identity()
