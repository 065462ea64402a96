def backward(y, inputs, zs, weights, slope):
    by_weight = [torch.zeros_like(W) for W in weights]
    by_bias = [W.new_zeros(len(W)) for W in weights]
    for i in range(len(y)):
        delta = torch.softmax(zs[-1][i], 0)
        delta[y[i]] -= 1
        for l in reversed(range(len(weights))):
            by_weight[l] += torch.outer(delta, inputs[l][i]) / len(y)
            by_bias[l] += delta / len(y)
            if l > 0:
                delta = weights[l].T.mv(delta) * slope(zs[l - 1][i])
    return by_weight, by_bias
