# says: no block is left out
def logits_without(net, stage, k, x):
    modes = {m: m.training for m in net.modules()}
    logits = net.eval()(x)
    for m, mode in modes.items():
        m.training = mode
    return logits
