class ConvNet(nn.Module):
    def __init__(self, channels, height, width, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        rows = ((height - 2) // 2 - 2) // 2
        columns = ((width - 2) // 2 - 2) // 2
        self.fc1 = nn.Linear(64 * rows * columns, 128)
        self.pool, self.relu, self.flatten = nn.MaxPool2d(2), nn.ReLU(), nn.Flatten()
        self.fc2 = nn.Linear(128, classes)

    def forward(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = self.relu(self.fc1(self.flatten(x)))
        return self.fc2(x)
