# %% right: by stage
def silence(net):
    for stage in (net.layer1, net.layer2, net.layer3):
        for block in stage:
            if type(block) is PreActBlock:
                nn.init.zeros_(block.conv2.weight)
            else:
                nn.init.zeros_(block.bn2.weight)
                nn.init.zeros_(block.bn2.bias)


# %% right: copy
def silence(net):
    last = "conv2." if net.pre_activation else "bn2."
    with torch.no_grad():
        for name, p in net.named_parameters():
            if name.startswith("layer") and last in name:
                p.copy_(torch.zeros(p.shape))
    return net


# %% right: data
def silence(net):
    for name, module in net.named_modules():
        pre = isinstance(net.get_submodule(name.rpartition(".")[0]), PreActBlock)
        if name.endswith("conv2" if pre else "bn2"):
            for p in module.parameters():
                p.data = torch.zeros_like(p)


# %% right: multiply
def silence(net):
    for block in net.modules():
        if hasattr(block, "residual"):
            last = block.conv2 if isinstance(block, PreActBlock) else block.bn2
            for p in last.parameters():
                p.data.mul_(0)


# %% wrong: all normalisation | says: change the blocks only
def silence(net):
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.zeros_(module.weight)
            nn.init.zeros_(module.bias)


# %% wrong: bn1 | says: only the last layer of the branch: this is its first
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            for p in block.bn1.parameters():
                nn.init.zeros_(p)


# %% wrong: bn2 of both | says: the last layer of a PreActBlock
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)


# %% wrong: conv2 of both | says: the last layer of a BasicBlock
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            nn.init.zeros_(block.conv2.weight)


# %% wrong: copy | says: 0 everywhere
import copy


def silence(net):
    net = copy.deepcopy(net)
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)
    return net


# %% wrong: first stage | says: 0 everywhere
def silence(net):
    for block in net.layer1:
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
        else:
            nn.init.zeros_(block.conv2.weight)


# %% wrong: forward | says: forward of argument 1, the net, part layer1.0
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            block.forward = lambda x, block=block: x  # silent by another forward


# %% wrong: frozen | says: requires_grad of argument 1
def silence(net):
    for block in net.modules():
        last = None
        if isinstance(block, BasicBlock):
            last = block.bn2
        elif isinstance(block, PreActBlock):
            last = block.conv2
        if last is not None:
            for p in last.parameters():
                p.requires_grad_(False)
                p.zero_()


# %% wrong: graph | says: RuntimeError
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            block.bn2.weight.zero_()
            block.bn2.bias.zero_()
        elif isinstance(block, PreActBlock):
            block.conv2.weight.zero_()


# %% wrong: mode | says: the mode of argument
def silence(net):
    net.eval()
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)


# %% wrong: module replaced | says: Tried:    silence(net of
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            C = block.bn2.num_features
            block.bn2 = nn.BatchNorm2d(C).to(block.bn2.weight)
            nn.init.zeros_(block.bn2.weight)


# %% wrong: new parameters | says: do not replace .weight
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            block.bn2.weight = nn.Parameter(torch.zeros_like(block.bn2.weight))
            block.bn2.bias = nn.Parameter(torch.zeros_like(block.bn2.bias))
        elif isinstance(block, PreActBlock):
            block.conv2.weight = nn.Parameter(torch.zeros_like(block.conv2.weight))


# %% wrong: projection too | says: the shortcut is not part of the branch
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            nn.init.zeros_(block.bn2.bias)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)
            if block.downsample is not None:
                for p in block.downsample.parameters():
                    nn.init.zeros_(p)


# %% wrong: scale only | says: still gives its offset
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)


# %% wrong: statistics | says: leave stored statistics alone
def silence(net):
    for block in net.modules():
        if isinstance(block, BasicBlock):
            for value in (block.bn2.weight, block.bn2.bias, block.bn2.running_mean):
                nn.init.zeros_(value)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)


# %% wrong: whole branch | says: only the last layer of the branch
def silence(net):
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            for layer in (block.conv1, block.bn1, block.conv2, block.bn2):
                for p in layer.parameters():
                    nn.init.zeros_(p)


# %% wrong: norm without affine | says: the same parameter
def silence(net) -> None:
    for block in net.modules():
        if isinstance(block, BasicBlock):
            with torch.no_grad():
                block.bn2.weight.zero_()
            block.bn2.register_parameter("bias", None)
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)


# %% wrong: offset removed | says: the same parameter
def silence(net) -> None:
    for block in net.modules():
        if isinstance(block, BasicBlock):
            nn.init.zeros_(block.bn2.weight)
            block.bn2.bias = None
        elif isinstance(block, PreActBlock):
            nn.init.zeros_(block.conv2.weight)


# %% wrong: finds the last layer by a run | says: run in training mode
def silence(net) -> None:
    called, hooks = [], []
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.BatchNorm2d)):
            hooks.append(module.register_forward_hook(lambda m, i, o: called.append(m)))
    with torch.no_grad():
        parameter = next(net.parameters())
        net(torch.randn(2, net.in_channels, 8, 8, dtype=parameter.dtype))
    for hook in hooks:
        hook.remove()
    for block in (*net.layer1, *net.layer2, *net.layer3):
        inside = [block.conv1, block.bn1, block.conv2, block.bn2]
        last = [m for m in called if any(m is i for i in inside)][-1]
        for parameter in last.parameters():
            nn.init.zeros_(parameter)


# %% wrong: a hook that multiplies the output by zero | says: a hook leaves them
def silence(net) -> None:
    for block in net.modules():
        if isinstance(block, (BasicBlock, PreActBlock)):
            last = block.bn2 if isinstance(block, BasicBlock) else block.conv2
            last.register_forward_hook(lambda module, inputs, output: output * 0)


# %% right: new numbers in p.data, and no old gradients
def silence(net) -> None:
    for module in net.modules():
        if isinstance(module, (BasicBlock, PreActBlock)):
            last = module.conv2 if isinstance(module, PreActBlock) else module.bn2
            for p in last.parameters():
                p.data, p.grad = torch.zeros_like(p), None
