# says: nothing is on the path of x
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    skip = F.relu(x) if shortcut is None else shortcut(out)
    return skip + conv2(F.relu(bn2(conv1(out))))
