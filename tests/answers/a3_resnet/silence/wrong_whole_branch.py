# says: only the last layer of the branch
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            for layer in (block.conv1, block.bn1, block.conv2, block.bn2):
                for p in layer.parameters():
                    nn.init.zeros_(p)
