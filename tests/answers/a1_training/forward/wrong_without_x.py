# says: the list begins with a^0
def forward(x, weights, biases, sigma):
    a, activations, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        zs.append(a @ W.T + b)
        a = sigma(zs[-1])
        activations.append(a)
    return activations, zs
