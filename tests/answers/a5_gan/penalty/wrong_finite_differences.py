# says: Came:
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = (1 - share) * real + share * fake
    step = 1e-3 * (fake - real)
    change = (critic(x + step) - critic(x)).flatten() / step.flatten(1).norm(dim=1)
    return ((change.abs() - k) ** 2).mean()
