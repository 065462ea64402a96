# says: the shortcut is not part of the branch
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)
            if block.downsample is not None:
                for p in block.downsample.parameters():
                    nn.init.zeros_(p)
