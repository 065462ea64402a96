# says: it starts after BN1 and ReLU
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = conv1(F.relu(bn1(x)))
    out = conv2(F.relu(bn2(out)))
    return out + (x if shortcut is None else shortcut(x))
