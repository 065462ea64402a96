# says: this is the block of 2015
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    out = bn2(conv2(out))
    return F.relu(out + (x if shortcut is None else shortcut(x)))
