def numeric_gradient(loss, theta, h=1e-5):
    steps = h * torch.eye(theta.numel(), dtype=theta.dtype)
    parts = [
        (loss(theta + s.reshape(theta.shape)), loss(theta - s.reshape(theta.shape))) for s in steps
    ]
    return torch.tensor([(a - b) / (2 * h) for a, b in parts], dtype=theta.dtype).reshape(
        theta.shape
    )
