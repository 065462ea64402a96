# says: do not change its numbers
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    modes = {m: m.training for m in net.modules()}
    bn = getattr(net, stage)[k].bn2
    nn.init.zeros_(bn.weight)
    nn.init.zeros_(bn.bias)
    logits = net.eval()(x)
    for m, mode in modes.items():
        m.training = mode
    return logits
