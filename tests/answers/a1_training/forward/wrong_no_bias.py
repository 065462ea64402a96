# says: the bias is not added
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W in weights:
        inputs.append(a)
        zs.append(a @ W.T)
        a = sigma(zs[-1])
    return inputs, zs
