# says: BN comes before ReLU in both places
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    a = bn1(F.relu(x))
    out = conv2(bn2(F.relu(conv1(a))))
    return out + (x if shortcut is None else shortcut(a))
