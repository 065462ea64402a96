# says: Tried:    silence(net of
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            C = block.bn2.num_features
            block.bn2 = nn.BatchNorm2d(C).to(block.bn2.weight)
            nn.init.zeros_(block.bn2.weight)
