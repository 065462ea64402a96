def backward(y, inputs, zs, weights, slope):
    n, B = len(weights), len(y)
    delta = zs[-1].softmax(1).T  # (C, B)
    delta = delta.clone()
    delta[y, torch.arange(B)] -= 1
    by_weight, by_bias = [None] * n, [None] * n
    for l in range(n - 1, -1, -1):
        by_weight[l] = delta @ inputs[l] / B
        by_bias[l] = delta.mean(1)
        if l:
            delta = (weights[l].T @ delta) * slope(zs[l - 1]).T
    return by_weight, by_bias
