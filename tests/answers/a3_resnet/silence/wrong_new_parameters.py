# says: do not replace .weight
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            block.bn2.weight = nn.Parameter(torch.zeros_like(block.bn2.weight))
            block.bn2.bias = nn.Parameter(torch.zeros_like(block.bn2.bias))
        elif isinstance(block, PreActBlock):
            block.conv2.weight = nn.Parameter(torch.zeros_like(block.conv2.weight))
