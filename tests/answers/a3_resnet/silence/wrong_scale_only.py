# says: still gives its offset
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)
