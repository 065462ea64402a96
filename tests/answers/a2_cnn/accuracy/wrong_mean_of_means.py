# says: the last batch is smaller
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    shares = []
    with torch.no_grad():
        for xb, yb in zip(x.split(batch_size), y.split(batch_size), strict=True):
            shares.append((net(xb).argmax(1) == yb).double().mean().item())
    net.train(was_training)
    return sum(shares) / len(shares)
