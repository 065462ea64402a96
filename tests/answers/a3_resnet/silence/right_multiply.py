def silence(net):
    for block in net.modules():
        if hasattr(block, "residual"):
            last = block.conv2 if isinstance(block, PreActBlock) else block.bn2
            for p in last.parameters():
                p.data.mul_(0)
