def gradient_penalty(critic, real, fake, share, k=1.0):
    slopes = torch.func.vmap(torch.func.grad(lambda x: critic(x[None]).sum()))
    share = share[(...,) + (None,) * (real.ndim - 1)]
    slope = slopes(real + share * (fake - real))
    return ((torch.linalg.vector_norm(slope, dim=tuple(range(1, real.ndim))) - k) ** 2).mean()
