def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    branch = bn2(conv2(bn1(conv1(x)).clamp(min=0)))
    return (branch + (shortcut or nn.Identity())(x)).clamp(min=0)
