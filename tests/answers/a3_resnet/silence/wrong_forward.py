# says: branch of layer1.0
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            block.forward = lambda x, block=block: x  # silent by another forward
