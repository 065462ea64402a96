# says: this is a count
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        right = net(x).argmax(1) == y
    net.train(was_training)
    return right.sum().item()
