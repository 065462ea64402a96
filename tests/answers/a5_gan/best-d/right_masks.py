def best_discriminator(p, q):
    def kl(s, m):
        seen = s > 0
        return (s[seen] * torch.log(s[seen] / m[seen])).sum()

    m = 0.5 * (p + q)
    d = torch.full_like(p, 0.5)
    d[m > 0] = (p / (p + q))[m > 0].detach()
    return d, 0.5 * (kl(p, m) + kl(q, m))
