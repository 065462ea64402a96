def silence(net):
    for stage in (net.layer1, net.layer2, net.layer3):
        for block in stage:
            if type(block) is PreActBlock:
                nn.init.zeros_(block.conv2.weight)
            else:
                nn.init.zeros_(block.bn2.weight)
                nn.init.zeros_(block.bn2.bias)
