# says: KL(q || m) is missing
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, first / 2
