# says: by hand
def layout(n, size=32, w=16):
    blocks, side = [], size
    for block in CifarResNet(6 * n + 2, width=w).modules():
        if isinstance(block, BasicBlock):
            conv = block.conv1
            side //= conv.stride[0]
            blocks.append((conv.in_channels, conv.out_channels, conv.stride[0], side))
    return blocks
