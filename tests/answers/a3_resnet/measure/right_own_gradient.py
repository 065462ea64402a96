def own_norms(net):
    outputs = []
    a = F.relu(net.bn1(net.conv1(x)))
    for stage in (net.layer1, net.layer2, net.layer3):
        for block in stage:
            a = block(a)
            outputs.append(a)
    loss = F.cross_entropy(net.fc(a.mean((2, 3))), y)
    return [gradient.norm().item() for gradient in torch.autograd.grad(loss, outputs)]


growth = {}
for kind, shortcut in (("plain", "none"), ("residual", "A")):
    for depth in (8, 20, 56):
        factors = []
        for seed in (0, 1, 2):
            torch.manual_seed(seed)
            net = CifarResNet(depth, in_channels=1, width=8, shortcut=shortcut).train()
            norms = own_norms(net)
            factors.append((norms[0] / norms[-1]) ** (0.5 / (len(norms) - 1)))
        growth[f"{kind} {depth}"] = sum(factors) / 3
