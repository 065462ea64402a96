# says: the next layer's input is sigma(z)
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        a = a @ W.T + b
        zs.append(a)
    return inputs, zs
