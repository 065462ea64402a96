def accuracy(net, x, y, batch_size=64):
    was_training = net.training
    net.eval()
    with torch.inference_mode():
        guesses = torch.cat([net(part).argmax(1) for part in x.split(batch_size)])
    net.train(was_training)
    return (guesses == y).double().mean().item()
