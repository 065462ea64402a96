# says: the shortcut is not added
def pre_block(x, bn1, conv1, bn2, conv2, shortcut=None):
    return conv2(F.relu(bn2(conv1(F.relu(bn1(x))))))
