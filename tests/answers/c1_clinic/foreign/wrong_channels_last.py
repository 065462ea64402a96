# says: channels are still last
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = (x - mean) / std
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()
