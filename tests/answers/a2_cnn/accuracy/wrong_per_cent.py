# says: not per cent
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        right = net(x).argmax(1) == y
    net.train(was_training)
    return 100 * right.sum().item() / len(y)
