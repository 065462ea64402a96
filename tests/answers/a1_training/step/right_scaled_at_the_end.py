def train_step(net, optimiser, x, y, size):
    for group in optimiser.param_groups:
        for p in group["params"]:
            p.grad = None
    seen = 0.0
    for i in range(math.ceil(len(x) / size)):
        part = slice(i * size, (i + 1) * size)
        log_p = net(x[part]).log_softmax(1)
        loss = -log_p.gather(1, y[part, None]).sum()
        loss.backward()
        seen += float(loss)
    for p in net.parameters():
        p.grad /= len(x)
    optimiser.step()
    optimiser.zero_grad()
    return seen / len(x)
