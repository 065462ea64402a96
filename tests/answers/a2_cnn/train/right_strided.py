def train_and_predict(train_x, train_y, test_x):
    torch.manual_seed(0)
    train, test = train_x / 255, test_x / 255
    net = nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3, stride=2, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.Conv2d(64, 64, 3, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        nn.Linear(64, 10),
    )
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3)
    steps = 12 * -(-len(train) // 64)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(12):
        for index in torch.randperm(len(train)).split(64):
            loss = F.cross_entropy(net(train[index]), train_y[index])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    net.eval()
    with torch.no_grad():
        return net(test).argmax(1)
