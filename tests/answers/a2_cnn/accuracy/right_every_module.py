def accuracy(net, x, y, batch_size=64):
    modes = {module: module.training for module in net.modules()}
    try:
        net.eval()
        with torch.no_grad():
            right = 0
            for start in range(0, len(x), batch_size):
                logits = net(x[start : start + batch_size])
                right += int(logits.argmax(dim=1).eq(y[start : start + batch_size]).sum())
    finally:
        for module, mode in modes.items():
            module.training = mode
    return right / len(y)
