def sgd_step(theta, g, v, lr, beta=0.9, decay=0.0):
    numbers = zip(
        theta.flatten().tolist(), g.flatten().tolist(), v.flatten().tolist(), strict=False
    )
    pairs = [(t, beta * b + a + decay * t) for t, a, b in numbers]
    new_v = torch.tensor([w for _, w in pairs], dtype=theta.dtype).view(theta.shape)
    moved = torch.tensor([t - lr * w for t, w in pairs], dtype=theta.dtype).view(theta.shape)
    return [moved, new_v]
