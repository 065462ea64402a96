# says: the bias is not added
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(a @ W.T)
        a = sigma(zs[-1]) + b
    return inputs, zs
