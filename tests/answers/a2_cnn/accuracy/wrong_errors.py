# says: the share of wrong ones
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        right = net(x).argmax(1) == y
    net.train(was_training)
    return 1 - right.sum().item() / len(y)
