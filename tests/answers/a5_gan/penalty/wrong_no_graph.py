# says: create_graph=True
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()
