# says: BN and ReLU come before each convolution, none after it
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    out = F.relu(bn2(conv2(F.relu(bn1(conv1(x))))))
    return out + (x if shortcut is None else shortcut(x))
