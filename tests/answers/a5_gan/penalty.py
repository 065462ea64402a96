# %% right: lerp
def gradient_penalty(critic, real, fake, share, k=1.0):
    x = torch.lerp(real, fake, share.reshape(-1, *[1] * (real.dim() - 1)))
    x = x.clone().requires_grad_(True)
    f = critic(x)
    slope = torch.autograd.grad(f, x, torch.ones_like(f), create_graph=True, retain_graph=True)[0]
    norms = slope.reshape(len(x), -1).pow(2).sum(1).sqrt()
    return (norms - k).pow(2).mean()


# %% right: one by one
def gradient_penalty(critic, real, fake, share, k=1.0):
    total = 0
    for a, b, s in zip(real, fake, share, strict=True):
        x = ((1 - s) * a + s * b)[None].requires_grad_()
        (slope,) = torch.autograd.grad(critic(x).squeeze(), x, create_graph=True)
        total = total + (slope.norm() - k) ** 2
    return total / len(real)


# %% right: vmap
def gradient_penalty(critic, real, fake, share, k=1.0):
    slopes = torch.func.vmap(torch.func.grad(lambda x: critic(x[None]).sum()))
    share = share[(...,) + (None,) * (real.ndim - 1)]
    slope = slopes(real + share * (fake - real))
    return ((torch.linalg.vector_norm(slope, dim=tuple(range(1, real.ndim))) - k) ** 2).mean()


# %% wrong: at fake | says: not at the generated ones
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = (fake + 0 * share).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: at real | says: not at the real ones
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = (real + 0 * share).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: backward | says: in place of .backward()
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    critic(x).sum().backward(create_graph=True)
    slope = x.grad
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: batch norm | says: not one for the whole batch
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope.norm() - k) ** 2


# %% wrong: broadcast | says: share (B,) has spread along the last axis
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share if share.shape[0] == real.shape[-1] else share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: channel norm | says: not over axis 1 only
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.norm(dim=1) - k) ** 2).mean()


# %% wrong: course | says: the function for it
from helpers.models import gan


def gradient_penalty(critic, real, fake, share, k=1.0):
    x = (real).detach().requires_grad_()
    return gan.gradient_penalty(lambda x: critic(x).flatten(), real, fake, share)


# %% wrong: finite differences | says: Came:
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = (1 - share) * real + share * fake
    step = 1e-3 * (fake - real)
    change = (critic(x + step) - critic(x)).flatten() / step.flatten(1).norm(dim=1)
    return ((change.abs() - k) ** 2).mean()


# %% wrong: fixed k | says: the paper's 1 stands
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


# %% wrong: half graph | says: by the critic's weights
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1).detach() - k) ** 2).mean() + 0 * slope.sum()


# %% wrong: last axis | says: not over axis 3 only
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.norm(dim=-1) - k) ** 2).mean()


# %% wrong: mean critic | says: sum over the batch before
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).mean(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: no graph | says: create_graph=True
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: no k | says: k is not subtracted
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope.flatten(1).norm(dim=1) ** 2).mean()


# %% wrong: no view | says: must match the size
def gradient_penalty(critic, real, fake, share, k=1.0):
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: not squared | says: distance from k is squared
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - k).abs().mean()


# %% wrong: number | says: a torch.Tensor
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean().item()


# %% wrong: one share | says: each pair has its own share
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share[0]
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: one sided | says: slopes below k count too
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k).clamp_min(0) ** 2).mean()


# %% wrong: share reversed | says: share 0 is the real example
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = (share * real + (1 - share) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: squared norm | says: not its square, is compared with k
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return (((slope.flatten(1) ** 2).sum(1) - k) ** 2).mean()


# %% wrong: sum | says: not a sum
def gradient_penalty(critic, real, fake, share, k=1.0):
    share = share.view(-1, *[1] * (real.ndim - 1))
    x = ((1 - share) * real + share * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).sum()


# %% wrong: one share, the mean, for all pairs | says: not the mean of all
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    s = share.mean()
    x = ((1 - s) * real + s * fake).detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: the critic is given flattened examples | says: this critic takes
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    a, b = real.flatten(1), fake.flatten(1)
    x = torch.lerp(a, b, share[:, None]).requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.norm(dim=1) - k) ** 2).mean()


# %% wrong: backward, and the critic's gradients cleared | says: zero_grad() of the critic
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    s = share.view(-1, *[1] * (real.dim() - 1))
    x = (real + s * (fake - real)).detach().requires_grad_()
    critic(x).sum().backward(create_graph=True)
    critic.zero_grad()
    return (x.grad.flatten(1).norm(dim=1) - k).square().mean()


# %% wrong: draws the shares | says: the shares are given
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    epsilon = torch.rand(real.size(0), *([1] * (real.dim() - 1)), dtype=real.dtype)
    mixed = ((1 - epsilon) * real + epsilon * fake).requires_grad_(True)
    score = critic(mixed)
    slope = torch.autograd.grad(score, mixed, torch.ones_like(score), create_graph=True)[0]
    return ((slope.flatten(1).norm(2, dim=1) - k) ** 2).mean()


# %% wrong: ord 2 of a matrix | says: the largest singular value
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    s = share.reshape(-1, *[1] * (real.ndim - 1))
    mixed = (real + s * (fake - real)).requires_grad_()
    slope = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)[0]
    if slope.ndim == 2:
        norm = torch.linalg.norm(slope, ord=2, dim=1)
    else:
        norm = torch.linalg.norm(slope.flatten(2), ord=2, dim=(1, 2))
    return (norm - k).square().mean()


# %% wrong: grad_outputs (B,) | says: grad_outputs has the shape of the output
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    s = share.view(-1, *[1] * (real.dim() - 1))
    mixed = ((1 - s) * real + s * fake).requires_grad_()
    ones = torch.ones(real.shape[0], dtype=real.dtype)
    slope = torch.autograd.grad(critic(mixed), mixed, grad_outputs=ones, create_graph=True)[0]
    return ((slope.reshape(len(slope), -1).norm(dim=1) - k) ** 2).mean()


# %% wrong: always in float64 | says: dtype torch.float32
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    s = share.reshape(-1, *[1] * (real.ndim - 1))
    x = ((1 - s) * real + s * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((slope.double().flatten(1).norm(dim=1) - k) ** 2).mean()


# %% wrong: squared norm against squared k | says: not its square with that of k
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    s = share.reshape(-1, *[1] * (real.ndim - 1))
    x = ((1 - s) * real + s * fake).requires_grad_()
    (g,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return ((g.flatten(1).pow(2).sum(1) - k**2) ** 2).mean()


# %% wrong: k as the weight of the penalty | says: not a weight
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    s = share.view(len(real), *([1] * (real.dim() - 1)))
    x = torch.lerp(real, fake, s.expand_as(real)).requires_grad_()
    grads = torch.autograd.grad(critic(x).sum(), x, create_graph=True, retain_graph=True)[0]
    return k * ((grads.reshape(len(real), -1).norm(2, dim=1) - 1) ** 2).mean()


# %% wrong: a difference quotient between the pair | says: not the mean one between the two
def gradient_penalty(critic, real, fake, share, k: float = 1.0):
    rise = (critic(real) - critic(fake)).reshape(-1).abs()
    distance = (real - fake).flatten(1).norm(dim=1)
    return (rise / distance - k).square().mean()
