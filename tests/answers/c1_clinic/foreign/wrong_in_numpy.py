# says: without the library's numpy
def classify(net, images, labels):
    images, labels = images.numpy(), labels.numpy()
    x = images.astype("float32")
    x = (x - x.mean(axis=(1, 2, 3), keepdims=True)) / x.std(axis=(1, 2, 3), keepdims=True)
    was_training = net.training
    net.eval()
    with torch.no_grad():
        z = net(torch.tensor(x.transpose(0, 3, 1, 2))).double()
    net.train(was_training)
    p = z.softmax(1)
    accuracy = (p.argmax(1) == torch.tensor(labels)).double().mean().item()
    return p.float(), accuracy
