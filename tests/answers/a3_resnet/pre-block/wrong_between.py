# says: not between BN1 and ReLU
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = bn1(x)
    skip = x if shortcut is None else shortcut(out)
    return skip + conv2(F.relu(bn2(conv1(F.relu(out)))))
