# says: remove what you added
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    block = getattr(net, stage)[k]
    modes = {m: m.training for m in net.modules()}
    block.register_forward_hook(lambda module, inputs, output: inputs[0])
    logits = net.eval()(x)
    for m, mode in modes.items():
        m.training = mode
    return logits
