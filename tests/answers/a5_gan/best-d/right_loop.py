def best_discriminator(p, q):
    d, jsd = [], 0.0
    for s, t in zip(p, q, strict=True):
        m = (s + t) / 2
        d.append(s / (s + t) if m > 0 else torch.full_like(s, 0.5))
        if s > 0:
            jsd = jsd + s * (s / m).log() / 2
        if t > 0:
            jsd = jsd + t * (t / m).log() / 2
    return torch.stack(d), jsd
