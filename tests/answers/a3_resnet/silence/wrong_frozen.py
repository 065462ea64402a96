# says: it is trained later
def silence(net):
    for block in net.modules():
        last = None
        if isinstance(block, BasicBlock):
            last = block.bn2
        elif isinstance(block, PreActBlock):
            last = block.conv2
        if last is not None:
            for p in last.parameters():
                p.requires_grad_(False)
                p.zero_()
