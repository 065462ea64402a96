def forward(x, weights, biases, sigma):
    a, inputs, zs = x.T, [], []
    last = len(weights) - 1
    for l, (W, b) in enumerate(zip(weights, biases, strict=False)):
        inputs.append(a.T)
        z = W @ a + b.unsqueeze(1)
        zs.append(z.T)
        if l < last:
            a = sigma(z)
    return inputs, zs
