def forward(x, weights, biases, sigma):
    zs, inputs = (), (x,)
    for l in range(len(weights)):
        if l > 0:
            inputs += (sigma(zs[-1]),)
        zs += (torch.einsum("bi,oi->bo", inputs[-1], weights[l]) + biases[l],)
    return inputs, zs
