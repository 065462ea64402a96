# says: smaller batch is left out
def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    right = whole = 0
    with torch.no_grad():
        for n in range(len(x) // batch_size):
            part = slice(n * batch_size, (n + 1) * batch_size)
            right += (net(x[part]).argmax(1) == y[part]).sum().item()
            whole += batch_size
    net.train(was_training)
    return right / max(whole, 1)
