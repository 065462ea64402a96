def silence(net):
    last = "conv2." if net.pre_activation else "bn2."
    with torch.no_grad():
        for name, p in net.named_parameters():
            if name.startswith("layer") and last in name:
                p.copy_(torch.zeros(p.shape))
    return net
