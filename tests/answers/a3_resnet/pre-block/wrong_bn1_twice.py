# says: each module is called exactly once
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = conv2(F.relu(bn2(conv1(F.relu(bn1(x))))))
    if shortcut is not None:
        x = shortcut(F.relu(bn1(x)))
    return x + out
