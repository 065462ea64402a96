def accuracy(net, x, y, batch_size=64):
    import copy

    tested = copy.deepcopy(net).eval()
    with torch.no_grad():
        right = sum(
            (tested(xb).argmax(1) == yb).sum().item()
            for xb, yb in zip(x.split(batch_size), y.split(batch_size), strict=True)
        )
    return right / len(x)
