class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        with torch.no_grad():
            flat = self.features(torch.zeros(1, channels, height, width)).shape[1]
        self.fc1 = nn.Linear(flat, 128)
        self.fc2 = nn.Linear(128, classes)

    def features(self, x):
        x = F.max_pool2d(self.conv1(x).relu(), 2)
        return F.max_pool2d(self.conv2(x).relu(), 2).flatten(1)

    def forward(self, x):
        x = self.fc1(self.features(x)).relu()
        return self.fc2(x)
