def report(net, batches, classes):
    from sklearn.metrics import precision_recall_fscore_support

    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    true, guess = [], []
    with torch.no_grad():
        for x, y in batches:
            true += y.tolist()
            guess += net(x).argmax(dim=1).tolist()
    for module, mode in modes:
        module.training = mode
    precision, recall, _, support = precision_recall_fscore_support(
        true, guess, labels=range(classes), zero_division=0.0
    )
    return {
        "support": torch.as_tensor(support).long(),
        "precision": torch.as_tensor(precision),
        "recall": torch.as_tensor(recall),
        "accuracy": sum(t == g for t, g in zip(true, guess, strict=True)) / len(true),
    }
