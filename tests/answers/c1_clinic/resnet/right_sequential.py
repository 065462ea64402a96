class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        first, *others = widths
        self.stem = nn.Conv2d(channels, first, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(first)
        made = [block(first, first, 1)]
        for a, b in zip(widths, others, strict=False):
            made.append(block(a, b, stride=2))
        self.blocks = nn.Sequential(*made)
        self.fc = nn.Linear(in_features=widths[-1], out_features=classes)

    def forward(self, x):
        a = self.blocks(torch.relu(self.bn(self.stem(x))))  # (B, C, H, W)
        return self.fc(a.mean(3).mean(2))
