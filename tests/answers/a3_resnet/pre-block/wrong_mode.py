# says: the mode changed
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn1(x))
    skip = x if shortcut is None else shortcut(out)
    out = conv2(F.relu(bn2(conv1(out))))
    bn1.eval(), bn2.eval()
    return skip + out
