# says: whatever its size
class Block(nn.Module):
    def __init__(self, C_in, C_out, S):
        super().__init__()
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.project = S != 1
        if self.project:
            self.pool = nn.AvgPool2d(2)
            self.conv3 = nn.Conv2d(C_in, C_out, 1, stride=1, bias=False)
            self.bn3 = nn.BatchNorm2d(C_out)

    def forward(self, x):
        skip = self.bn3(self.conv3(self.pool(x))) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(skip + x)


class SmallResNet(nn.Module):
    def __init__(self, C_in, w, classes):
        super().__init__()
        self.conv = nn.Conv2d(C_in, w, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(w)
        self.blocks = nn.ModuleList([Block(w, w, 1), Block(w, 2 * w, 2), Block(2 * w, 4 * w, 2)])
        self.fc = nn.Linear(4 * w, classes)

    def forward(self, x):
        x = F.relu(self.bn(self.conv(x)))
        for block in self.blocks:
            x = block(x)
        return self.fc(F.avg_pool2d(x, 2)[:, :, 0, 0])
