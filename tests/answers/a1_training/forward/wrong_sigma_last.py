# says: no sigma after the last layer
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(a @ W.T + b)
        a = sigma(zs[-1])
    zs[-1] = a
    return inputs, zs
