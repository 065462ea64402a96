# says: the last layer of a BasicBlock
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            nn.init.zeros_(block.conv2.weight)
