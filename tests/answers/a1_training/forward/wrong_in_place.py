# says: an operation in place
def forward(x, weights, biases, sigma):
    inputs, zs = [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(x.clone())
        zs.append(x @ W.T + b)
        if W.shape[0] == W.shape[1]:
            x.copy_(sigma(zs[-1]))
        else:
            x = sigma(zs[-1])
    return inputs, zs
