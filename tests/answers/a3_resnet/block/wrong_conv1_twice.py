# says: conv1 is used twice
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv1(F.relu(bn1(conv1(x)))))
    return F.relu(out + (x if shortcut is None else shortcut(x)))
