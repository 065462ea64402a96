# says: each image has its own mean
def classify(net, images, labels):
    x = images.float()
    mean = x.mean()
    std = x.std(correction=0)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    net.train(was_training)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()
