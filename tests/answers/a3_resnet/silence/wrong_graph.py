# says: RuntimeError
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            block.bn2.weight.zero_()
            block.bn2.bias.zero_()
        elif isinstance(block, PreActBlock):
            block.conv2.weight.zero_()
