def gradient_penalty(critic, real, fake, share, k=1.0):
    total = 0
    for a, b, s in zip(real, fake, share, strict=True):
        x = ((1 - s) * a + s * b)[None].requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).squeeze(), x, create_graph=True)
        total = total + (slope.norm() - k) ** 2
    return total / len(real)
