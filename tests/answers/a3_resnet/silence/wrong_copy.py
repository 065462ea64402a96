# says: not in a copy
import copy


def silence(net):
    net = copy.deepcopy(net)
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)
    return net
