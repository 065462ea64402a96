def logits_without(net, stage, k, x):
    block = getattr(net, stage)[k]
    if block.conv1.in_channels != block.conv1.out_channels or block.conv1.stride[0] > 1:
        raise ValueError("this block changes the shape")
    before = [(module, module.training) for module in net.modules()]
    handle = block.register_forward_hook(lambda module, inputs, output: inputs[0])
    try:
        net.eval()
        return net(x).detach()
    finally:
        handle.remove()
        for module, mode in before:
            module.training = mode
