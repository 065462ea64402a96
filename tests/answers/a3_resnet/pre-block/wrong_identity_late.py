# says: x itself is added
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    x = F.relu(bn1(x))
    out = conv2(F.relu(bn2(conv1(x))))
    return out + (x if shortcut is None else shortcut(x))
