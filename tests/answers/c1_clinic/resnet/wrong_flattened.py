# says: mat1 and mat2 shapes
class ResNet(nn.Module):
    def __init__(self, block, widths, classes, channels=1):
        super().__init__()
        self.stem = nn.Conv2d(channels, widths[0], 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(widths[0])
        self.blocks = nn.ModuleList()
        before = widths[0]
        for number, width in enumerate(widths):
            self.blocks.append(block(before, width, 1 if number == 0 else 2))
            before = width
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        x = F.relu(self.bn(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(x.flatten(1))
