def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = bn1(conv1(x)).relu_()
    out = bn2(conv2(out))
    out += x if shortcut is None else shortcut(x)
    return out.relu_()
