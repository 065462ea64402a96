# says: clone() first
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn2(conv2(F.relu(bn1(conv1(x)))))
    if shortcut is not None:
        x = shortcut(x)
    x += out
    return F.relu(x)
