# says: in all three stages
def silence(net):
    for block in net.layer1:
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
        else:
            nn.init.zeros_(block.conv2.weight)
