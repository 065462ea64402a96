# says: keep net.training before
def classify(net, images, labels):
    x = images.float()
    mean = x.mean((1, 2, 3), keepdim=True)
    std = x.std((1, 2, 3), correction=0, keepdim=True)
    x = ((x - mean) / std).permute(0, 3, 1, 2)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(x)
    p = z.softmax(1)
    return p, (p.argmax(1) == labels).float().mean().item()
