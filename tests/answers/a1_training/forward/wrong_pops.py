# says: an operation in place
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    while weights:
        inputs.append(a)
        zs.append(a @ weights.pop(0).T + biases.pop(0))
        a = sigma(zs[-1])
    return inputs, zs
