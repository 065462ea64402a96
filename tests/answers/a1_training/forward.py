# %% right: columns
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


# %% right: einsum
def forward(x, weights, biases, sigma):
    zs, inputs = (), (x,)
    for l in range(len(weights)):
        if l > 0:
            inputs += (sigma(zs[-1]),)
        zs += (torch.einsum("bi,oi->bo", inputs[-1], weights[l]) + biases[l],)
    return inputs, zs


# %% right: linear
def forward(x, weights, biases, sigma):
    inputs, zs = [x], []
    for layer in range(len(weights)):
        zs.append(F.linear(inputs[-1], weights[layer], biases[layer]))
        inputs.append(sigma(zs[-1]))
    return inputs[:-1], zs


# %% wrong: as many as seen | says: layers of [6, 6, 6, 2, 4]
def forward(x, weights, biases, sigma):
    first = x @ weights[0].T + biases[0]  # two or three layers, as in the visible tests
    hidden = sigma(first)
    second = hidden @ weights[1].T + biases[1]
    if len(weights) == 2:
        return [x, hidden], [first, second]
    last = sigma(second)
    return [x, hidden, last], [first, second, last @ weights[2].T + biases[2]]


# %% wrong: bias after sigma | says: the bias is not added
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(a @ W.T)
        a = sigma(zs[-1]) + b
    return inputs, zs


# %% wrong: in place | says: an operation in place
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


# %% wrong: linear net | says: the next layer's input is sigma(z)
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        a = a @ W.T + b
        zs.append(a)
    return inputs, zs


# %% wrong: logits only | says: the pair (inputs, zs)
def forward(x, weights, biases, sigma):
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        x = sigma(x @ W.T + b)
    return x @ weights[-1].T + biases[-1]


# %% wrong: no bias | says: the bias is not added
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W in weights:
        inputs.append(a)
        zs.append(a @ W.T)
        a = sigma(zs[-1])
    return inputs, zs


# %% wrong: not transposed | says: a @ W.T, not a @ W
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(a @ W + b if W.shape[0] == W.shape[1] else a @ W.T + b)
        a = sigma(zs[-1])
    return inputs, zs


# %% wrong: one more | says: the inputs begin with x
def forward(x, weights, biases, sigma):
    activations, zs = [x], []
    for W, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ W.T + b)
        activations.append(sigma(zs[-1]))
    return activations, zs


# %% wrong: pops | says: pop, remove
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    while weights:
        inputs.append(a)
        zs.append(a @ weights.pop(0).T + biases.pop(0))
        a = sigma(zs[-1])
    return inputs, zs


# %% wrong: relu | says: not always ReLU
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(a @ W.T + b)
        a = zs[-1].clamp_min(0)
    return inputs, zs


# %% wrong: shapes do not fit | says: RuntimeError
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(W @ a + b)
        a = sigma(zs[-1])
    return inputs, zs


# %% wrong: sigma last | says: no sigma after the last layer
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        zs.append(a @ W.T + b)
        a = sigma(zs[-1])
    zs[-1] = a
    return inputs, zs


# %% wrong: stacked | says: a list of 2 tensors
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, {}, {}
    for l, (W, b) in enumerate(zip(weights, biases, strict=True)):
        inputs[l] = a
        zs[l] = a @ W.T + b
        a = sigma(zs[l])
    return inputs, zs


# %% wrong: without x | says: the list begins with a^0
def forward(x, weights, biases, sigma):
    a, activations, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        zs.append(a @ W.T + b)
        a = sigma(zs[-1])
        activations.append(a)
    return activations, zs


# %% wrong: zs are activations | says: the list zs holds what comes before sigma
def forward(x, weights, biases, sigma):
    a, inputs, zs = x, [], []
    for W, b in zip(weights, biases, strict=True):
        inputs.append(a)
        a = sigma(a @ W.T + b)
        zs.append(a)
    return inputs, zs


# %% wrong: a batch of one is squeezed | says: a dimension of size 1 is lost
def forward(x, weights, biases, sigma):
    inputs, zs, a = [], [], x.squeeze()
    for W, b in zip(weights, biases):
        inputs.append(a)
        zs.append((a @ W.T + b).squeeze())
        a = sigma(zs[-1])
    return inputs, zs


# %% wrong: the bias along the batch where that fits | says: not to the images
def forward(x, weights, biases, sigma):
    inputs, zs, columns = [], [], x.T
    for W, b in zip(weights, biases):
        inputs.append(columns.T)
        z = W @ columns  # (units, B)
        z = z + (b if b.numel() == z.shape[1] else b[:, None])
        zs.append(z.T)
        columns = sigma(z)
    return inputs, zs


# %% wrong: one buffer for all layers of the same width | says: into the same memory
def forward(x, weights, biases, sigma):
    buffers = {}
    inputs, zs = [], []
    a = x
    for i, (W, b) in enumerate(zip(weights, biases)):
        width = W.shape[0]
        if width not in buffers:
            buffers[width] = torch.empty(len(x), width, dtype=x.dtype)
        inputs.append(a)
        z = torch.addmm(b, a, W.T, out=buffers[width])
        zs.append(z)
        if i != len(weights) - 1:
            a = sigma(z).clone()
    return inputs, zs


# %% wrong: tanh whatever sigma is | says: not always ReLU or another
def forward(x, weights, biases, sigma):
    inputs, zs, a = [], [], x
    for W, b in zip(weights, biases):
        inputs.append(a)
        zs.append(a @ W.T + b)
        a = torch.tanh(zs[-1])
    return inputs, zs


# %% wrong: first and last layer written out | says: n may be 1
def forward(x, weights, biases, sigma):
    z = x @ weights[0].T + biases[0]
    inputs, zs = [x], [z]
    for W, b in zip(weights[1:-1], biases[1:-1]):
        inputs.append(sigma(zs[-1]))
        zs.append(inputs[-1] @ W.T + b)
    inputs.append(sigma(zs[-1]))
    zs.append(inputs[-1] @ weights[-1].T + biases[-1])
    return inputs, zs


# %% wrong: sigma of the sum of the product only | says: the whole of z
def forward(x, weights, biases, sigma):
    inputs, zs, a = [], [], x
    for W, b in zip(weights, biases):
        inputs.append(a)
        product = a @ W.T
        zs.append(product + b)
        a = sigma(product) + b
    return inputs, zs
