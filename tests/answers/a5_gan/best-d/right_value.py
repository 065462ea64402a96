def best_discriminator(p, q):
    """By way of V(D*) = -ln 4 + 2 JSD."""
    total = p + q
    d = torch.where(
        total > 0, p / total.clamp_min(1e-300 if p.dtype == torch.float64 else 1e-30), 0.5
    )
    real, fake = p > 0, q > 0
    v = (p[real] * d[real].log()).sum() + (q[fake] * (q[fake] / total[fake]).log()).sum()
    return d, (v + 2 * torch.log(torch.tensor(2.0, dtype=torch.float64)).to(p.dtype)) / 2
