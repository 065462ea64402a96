# says: by hand
def basic_block(x, conv1, bn1, conv2, bn2, shortcut=None):
    block = BasicBlock(conv1.in_channels, conv1.out_channels, conv1.stride[0])
    block.conv1, block.bn1, block.conv2, block.bn2 = conv1, bn1, conv2, bn2
    block.downsample = shortcut
    return block(x)
