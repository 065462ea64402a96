def count_conv(C, O, K, H, W, S=1, P=0, G=1, bias=True):
    layer = nn.Conv2d(C, O, K, stride=S, padding=P, groups=G, bias=bias)
    y = layer(torch.zeros(1, C, H, W))
    return sum(p.numel() for p in layer.parameters()), y.numel() * layer.weight[0].numel()
