# says: not always ReLU
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(a @ W.T + b)
        a = zs[-1].clamp_min(0)
    return inputs, zs
