class Block(nn.Module):
    # a 1x1 convolution with stride is one without stride on every second pixel
    def __init__(self, i, o, stride=1):
        super().__init__()
        self.stride = stride
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        if stride > 1 or i != o:
            self.conv3, self.bn3 = nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o)

    def forward(self, x):
        shortcut = x
        if hasattr(self, "conv3"):
            shortcut = self.bn3(self.conv3(x[:, :, :: self.stride, :: self.stride]))
        z = self.bn1(self.conv1(x)).clamp(min=0)
        return (self.bn2(self.conv2(z)) + shortcut).clamp(min=0)
