# says: in the same order
def train_and_predict(train_x, train_y, test_x):
    torch.manual_seed(0)
    train, test = train_x.float() / 128 - 1, test_x.float() / 128 - 1
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        nn.Linear(64, 10),
    )
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3)
    for _ in range(2):
        for index in torch.randperm(len(train)).split(64):
            loss = F.cross_entropy(net(train[index]), train_y[: len(index)])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    net.eval()
    with torch.no_grad():
        return net(test).argmax(1)
