# says: only the last layer of the branch: this is its first
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            for p in block.bn1.parameters():
                nn.init.zeros_(p)
