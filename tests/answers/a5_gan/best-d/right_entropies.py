def best_discriminator(p, q):
    def minus_entropy(s):
        return torch.xlogy(s, torch.where(s > 0, s, 1)).sum()

    m = (p + q) / 2
    d = torch.nan_to_num(p / (p + q), nan=0.5)
    return d, (minus_entropy(p) + minus_entropy(q)) / 2 - minus_entropy(m)
