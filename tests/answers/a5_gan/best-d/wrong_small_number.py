# says: bends JSD
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    m = m + 1e-6
    return d, ((p * (p / m + 1e-6).log()).sum() + (q * (q / m + 1e-6).log()).sum()) / 2
