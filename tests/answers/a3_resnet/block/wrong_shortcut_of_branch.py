# says: starts from x
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    return F.relu(out + (x if shortcut is None else shortcut(out)))
