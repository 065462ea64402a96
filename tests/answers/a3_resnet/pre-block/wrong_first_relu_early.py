# says: BN1 comes before the first ReLU
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    a = bn1(F.relu(x))
    out = conv2(F.relu(bn2(conv1(a))))
    return out + (x if shortcut is None else shortcut(a))
