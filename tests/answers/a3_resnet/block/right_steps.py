def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    z = conv1(x)
    z = bn1(z)
    a = torch.relu(z)
    z = conv2(a)
    z = bn2(z)
    skip = x
    if shortcut is not None:
        skip = shortcut(x)
    return torch.relu(skip + z)
