# says: the pair (inputs, zs)
def forward(x, weights, biases, sigma):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        x = sigma(x @ W.T + b)
    return x @ weights[-1].T + biases[-1]
