def largest_singular_value(w, u, steps):
    W, M = w.flatten(1), w.detach().flatten(1)
    for _ in range(steps):
        v = torch.einsum("oi,o->i", M, u)
        v = v / (v * v).sum().sqrt()
        u = torch.einsum("oi,i->o", M, v)
        u = u / (u * u).sum().sqrt()
    return torch.einsum("o,oi,i->", u, W, v), u
