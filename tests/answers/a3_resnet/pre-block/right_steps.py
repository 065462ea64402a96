def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    h = torch.relu(bn1(x))
    skip = x if shortcut is None else shortcut(h)
    h = conv1(h)
    h = torch.relu(bn2(h))
    return skip + conv2(h)
