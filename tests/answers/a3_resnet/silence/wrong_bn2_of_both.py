# says: the last layer of a PreActBlock
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
