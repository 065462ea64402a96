# says: expected a non-empty list
def report(net, batches, classes):
    was_training = net.training
    net.eval()
    labels = torch.cat([y for _, y in batches])
    with torch.no_grad():
        guesses = torch.cat([net(x).argmax(1) for x, _ in batches])
    net.train(was_training)
    support = torch.bincount(labels, minlength=classes)
    right = torch.bincount(labels[labels == guesses], minlength=classes).double()
    return {
        "support": support,
        "precision": right / torch.bincount(guesses, minlength=classes).clamp_min(1),
        "recall": right / support.clamp_min(1),
        "accuracy": (labels == guesses).double().mean().item(),
    }
