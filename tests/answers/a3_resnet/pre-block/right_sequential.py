def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    start = nn.Sequential(bn1, nn.ReLU())(x)
    branch = nn.Sequential(conv1, bn2, nn.ReLU(), conv2)(start)
    if shortcut is None:
        return branch + x
    return branch + shortcut(start)
