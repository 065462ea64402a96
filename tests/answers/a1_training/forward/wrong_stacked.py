# says: a list of 2 tensors
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, {}, {}
    for l, (W, b) in enumerate(zip(weights, biases, strict=True)):
        inputs[l] = a
        zs[l] = a @ W.T + b
        a = sigma(zs[l])
    return inputs, zs
