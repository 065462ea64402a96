def gradient_penalty(critic, real, fake, share, k=1.0):
    x = torch.lerp(real, fake, share.reshape(-1, *[1] * (real.dim() - 1)))
    x = x.clone().requires_grad_(True)
    f = critic(x)
    slope = torch.autograd.grad(f, x, torch.ones_like(f), create_graph=True, retain_graph=True)[0]
    norms = slope.reshape(len(x), -1).pow(2).sum(1).sqrt()
    return (norms - k).pow(2).mean()
