# says: the mode changed
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    out = F.relu(bn1(conv1(x)))
    out = F.relu(bn2(conv2(out)) + (x if shortcut is None else shortcut(x)))
    for module in (bn1, bn2):
        module.eval()
    return out
