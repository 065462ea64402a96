# says: RuntimeError
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(W @ a + b)
        a = sigma(zs[-1])
    return inputs, zs
