def silence(net):
    for name, module in net.named_modules():
        pre = isinstance(net.get_submodule(name.rpartition(".")[0]), PreActBlock)
        if name.endswith("conv2" if pre else "bn2"):
            for p in module.parameters():
                p.data = torch.zeros_like(p)
