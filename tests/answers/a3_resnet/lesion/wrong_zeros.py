# says: it does not give 0
def logits_without(net, stage, k, x):
    if stage != "layer1" and k == 0:
        raise ValueError
    block = getattr(net, stage)[k]
    modes = {m: m.training for m in net.modules()}
    handle = block.register_forward_hook(lambda module, inputs, output: torch.zeros_like(output))
    try:
        return net.eval()(x)
    finally:
        handle.remove()
        for m, mode in modes.items():
            m.training = mode
