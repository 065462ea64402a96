def forward(x, weights, biases, sigma):
    inputs, zs = [x], []
    for layer in range(len(weights)):
        zs.append(F.linear(inputs[-1], weights[layer], biases[layer]))
        inputs.append(sigma(zs[-1]))
    return inputs[:-1], zs
