# says: the inputs begin with x
def forward(x, weights, biases, sigma):
    activations, zs = [x], []
    for W, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ W.T + b)
        activations.append(sigma(zs[-1]))
    return activations, zs
