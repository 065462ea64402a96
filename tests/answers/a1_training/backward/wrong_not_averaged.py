# says: the mean over the batch: divide by B
def backward(y, inputs, zs, weights, slope):
    delta = zs[-1].softmax(1) - F.one_hot(y, zs[-1].shape[1])
    by_weight, by_bias = [], []
    for l in reversed(range(len(weights))):
        by_weight.insert(0, delta.T @ inputs[l])
        by_bias.insert(0, delta.sum(0))
        if l > 0:
            delta = (delta @ weights[l]) * slope(zs[l - 1])
    return by_weight, by_bias
