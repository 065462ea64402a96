# says: the pair of lists
def backward(y, inputs, zs, weights, slope):
    delta = (zs[-1].softmax(1) - F.one_hot(y, zs[-1].shape[1])) / len(y)
    gradients = []
    for l in reversed(range(len(weights))):
        gradients = [delta.T @ inputs[l], delta.sum(0), *gradients]
        if l > 0:
            delta = (delta @ weights[l]) * slope(zs[l - 1])
    return gradients
