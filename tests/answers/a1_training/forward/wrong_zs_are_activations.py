# says: the list zs holds what comes before sigma
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        a = sigma(a @ W.T + b)
        zs.append(a)
    return inputs, zs
