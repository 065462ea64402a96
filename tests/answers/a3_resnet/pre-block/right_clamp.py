def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    a = bn1(x).clamp_min(0)
    z = conv2(bn2(conv1(a)).clamp_min(0))
    return torch.add(z, shortcut(a) if shortcut else x)
