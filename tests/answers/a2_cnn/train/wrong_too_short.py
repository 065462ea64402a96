# says: too few steps
def train_and_predict(train_x, train_y, test_x):
    torch.manual_seed(0)
    train, test = train_x.float() / 128 - 1, test_x.float() / 128 - 1
    net = nn.Sequential(
        nn.Conv2d(1, 8, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(800, 10),
    )
    optimiser = torch.optim.SGD(net.parameters(), lr=0.01)
    for _ in range(2):
        for index in torch.randperm(len(train)).split(64):
            loss = F.cross_entropy(net(train[index]), train_y[index])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    net.eval()
    with torch.no_grad():
        return net(test).argmax(1)
