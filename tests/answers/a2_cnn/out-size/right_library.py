def out_size(n, K, S=1, P=0, D=1):
    layer = nn.Conv1d(1, 1, K, stride=S, padding=P, dilation=D)
    return layer(torch.zeros(1, 1, n)).shape[-1]
