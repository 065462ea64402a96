def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    branch = nn.Sequential(conv1, bn1, nn.ReLU(), conv2, bn2)
    if shortcut is None:
        shortcut = nn.Identity()
    return nn.ReLU()(branch(x) + shortcut(x))
