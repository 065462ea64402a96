# says: layers of [3] units
def backward(y, inputs, zs, weights, slope):
    deltas = [(zs[-1].softmax(1) - F.one_hot(y, zs[-1].shape[1])) / len(y)]
    deltas.insert(0, (deltas[0] @ weights[-1]) * slope(zs[-2]))
    for W, z in zip(weights[-2:0:-1], zs[-3::-1], strict=True):
        deltas.insert(0, (deltas[0] @ W) * slope(z))
    by_weight = [d.T @ a for d, a in zip(deltas, inputs, strict=True)]
    return by_weight, [d.sum(0) for d in deltas]
