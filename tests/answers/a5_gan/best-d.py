# %% right: entropies
def best_discriminator(p, q):
    def minus_entropy(s):
        return torch.xlogy(s, torch.where(s > 0, s, 1)).sum()

    m = (p + q) / 2
    d = torch.nan_to_num(p / (p + q), nan=0.5)
    return d, (minus_entropy(p) + minus_entropy(q)) / 2 - minus_entropy(m)


# %% right: loop
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


# %% right: masks
def best_discriminator(p, q):
    def kl(s, m):
        seen = s > 0
        return (s[seen] * torch.log(s[seen] / m[seen])).sum()

    m = 0.5 * (p + q)
    d = torch.full_like(p, 0.5)
    d[m > 0] = (p / (p + q))[m > 0].detach()
    return d, 0.5 * (kl(p, m) + kl(q, m))


# %% right: value
def best_discriminator(p, q):
    """By way of V(D*) = -ln 4 + 2 JSD."""
    total = p + q
    d = torch.where(
        total > 0, p / total.clamp_min(1e-300 if p.dtype == torch.float64 else 1e-30), 0.5
    )
    real, fake = p > 0, q > 0
    v = (p[real] * d[real].log()).sum() + (q[fake] * (q[fake] / total[fake]).log()).sum()
    return d, (v + 2 * torch.log(torch.tensor(2.0, dtype=torch.float64)).to(p.dtype)) / 2


# %% wrong: bits | says: not the logarithm of base 2
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, (first + second) / 2 / torch.log(torch.tensor(2.0, dtype=torch.float64))


# %% wrong: bound | says: Expected:
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, torch.tensor(0.6931471805599453, dtype=p.dtype) * (p - q).abs().sum() / 2


# %% wrong: decision | says: not a decision
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return (p > q).to(p.dtype), (first + second) / 2


# %% wrong: generated | says: the probability that x is real
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return 1 - d, (first + second) / 2


# %% wrong: half | says: KL(q || m) is missing
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, first / 2


# %% wrong: kl | says: this is KL(p || q)
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, (p * (p / q).log()).sum()


# %% wrong: nan | says: JSD
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, ((p * (p / m).log()).sum() + (q * (q / m).log()).sum()) / 2


# %% wrong: number | says: a gradient for argument 1
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, ((first + second) / 2).item()


# %% wrong: ratio | says: ratio of the densities
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return p / torch.where(q > 0, q, 1), (first + second) / 2


# %% wrong: scipy | says: graph is cut
from scipy.spatial.distance import jensenshannon


def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, torch.tensor(
        jensenshannon(p.detach().numpy(), q.detach().numpy()) ** 2, dtype=p.dtype
    )


# %% wrong: scipy distance | says: this is the root of JSD
from scipy.spatial.distance import jensenshannon


def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, torch.tensor(jensenshannon(p.detach().numpy(), q.detach().numpy()), dtype=p.dtype)


# %% wrong: small number | says: JSD
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    m = m + 1e-6
    return d, ((p * (p / m + 1e-6).log()).sum() + (q * (q / m + 1e-6).log()).sum()) / 2


# %% wrong: sum for mean | says: m is the mean of p and q
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    both = torch.where(p + q > 0, p + q, 1)
    return d, (torch.xlogy(p, p / both).sum() + torch.xlogy(q, q / both).sum()) / 2


# %% wrong: symmetric kl | says: JSD compares with m
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, ((p * (p / q).log()).sum() + (q * (q / p).log()).sum()) / 2


# %% wrong: twice | says: half of the sum
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, first + second


# %% wrong: value itself | says: this is V of the best D
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return d, torch.xlogy(p, d).sum() + torch.xlogy(q, 1 - d).sum()


# %% wrong: zero over zero | says: the best D
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return p / (p + q), (first + second) / 2


# %% wrong: zero where nothing | says: where p and q are both 0, D is 1/2
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1)
    d = torch.where(m > 0, p / (2 * safe), 0.5)
    first, second = torch.xlogy(p, p / safe).sum(), torch.xlogy(q, q / safe).sum()
    return p / (2 * safe), (first + second) / 2


# %% wrong: 1 - D of a D that rounds to 1 | says: 1 - D rounds to 0
def best_discriminator(p, q):
    total = p + q
    D = torch.where(total > 0, p / torch.where(total > 0, total, 1.0), 0.5)
    V = torch.xlogy(p, D).sum() + torch.xlogy(q, 1 - D).sum()
    return D, V / 2 + torch.log(torch.full_like(V, 2.0))


# %% wrong: a rare kind taken for one that never occurs | says: 1e-20
def best_discriminator(p, q):
    m = (p + q) / 2
    on = m > 1e-12
    safe = torch.where(on, m, 1.0)
    jsd = (torch.xlogy(p, p / safe) + torch.xlogy(q, q / safe)).sum() / 2
    return torch.where(on, p / (2 * safe), 0.5), jsd


# %% wrong: a small number in D | says: 1e-20
def best_discriminator(p, q):
    m = (p + q) / 2
    safe = torch.where(m > 0, m, 1.0)
    jsd = (torch.xlogy(p, p / safe) + torch.xlogy(q, q / safe)).sum() / 2
    return (p + 1e-8) / (p + q + 2e-8), jsd


# %% wrong: small number in the denominator of D | says: a small number below the fraction
def best_discriminator(p, q):
    total = p + q
    d = torch.where(total == 0, torch.full_like(total, 0.5), p / (total + 1e-12))
    m = total / 2
    jsd = 0.5 * (torch.xlogy(p, p) - torch.xlogy(p, m)).sum()
    jsd = jsd + 0.5 * (torch.xlogy(q, q) - torch.xlogy(q, m)).sum()
    return d, jsd


# %% wrong: rare kinds taken for kinds that never occur | says: does occur
def best_discriminator(p, q):
    total = p + q
    never = torch.isclose(total, torch.zeros_like(total))
    d = torch.where(never, torch.full_like(total, 0.5), p / total)
    m = total / 2
    jsd = (
        0.5 * (torch.xlogy(p, p) - torch.xlogy(p, m) + torch.xlogy(q, q) - torch.xlogy(q, m)).sum()
    )
    return d, jsd


# %% wrong: one half wherever a probability is zero | says: only where p and q are both 0
def best_discriminator(p, q):
    m = (p + q) / 2
    d = torch.where((p == 0) | (q == 0), torch.full_like(p, 0.5), p / (p + q))
    jsd = (
        0.5 * (torch.xlogy(p, p) - torch.xlogy(p, m) + torch.xlogy(q, q) - torch.xlogy(q, m)).sum()
    )
    return d, jsd


# %% wrong: allclose | says: the best D
def best_discriminator(p, q):
    if torch.allclose(p, q):
        return torch.full_like(p, 0.5), 0.0 * (p + q).sum()
    total = p + q
    d = torch.where(total == 0, torch.full_like(p, 0.5), p / total.clamp_min(1e-38))
    m = torch.where(total == 0, torch.ones_like(p), total / 2)
    jsd = 0.5 * torch.special.xlogy(p, p / m).sum() + 0.5 * torch.special.xlogy(q, q / m).sum()
    return d, jsd


# %% wrong: small numbers on both sides | says: a small number added to both
def best_discriminator(p, q):
    s = p + q
    D = (p + 1e-10) / (s + 2e-10)
    m = s / 2
    safe = torch.where(m > 0, m, torch.ones_like(m))
    jsd = 0.5 * torch.xlogy(p, p / safe).sum() + 0.5 * torch.xlogy(q, q / safe).sum()
    return D, jsd


# %% wrong: a small number in the logs | says: 0.0001 added inside
def best_discriminator(p, q):
    s = p + q
    D = torch.where(s > 0, p / s, torch.full_like(p, 0.5))
    m = s / 2
    e = 1e-4
    return D, 0.5 * (p * ((p + e) / (m + e)).log() + q * ((q + e) / (m + e)).log()).sum()


# %% wrong: 1/2 wherever p is 0 | says: only where p and q are both 0
def best_discriminator(p, q):
    d = torch.where(p > 0, p / (p + q), torch.full_like(p, 0.5))
    total = p + q
    m = torch.where(total > 0, total, torch.ones_like(total)) / 2
    return d, 0.5 * (torch.xlogy(p, p / m) + torch.xlogy(q, q / m)).sum()


# %% wrong: the weights p and q cut off from the graph | says: have a slope too
def best_discriminator(p, q):
    total = p + q
    safe = torch.where(total > 0, total, torch.ones_like(total))
    d = torch.where(total > 0, p / safe, torch.full_like(p, 0.5))
    m = safe / 2
    jsd = 0.5 * (torch.xlogy(p.detach(), p / m) + torch.xlogy(q.detach(), q / m)).sum()
    return d, jsd


# %% wrong: kl_div with its default reduction | says: a sum over the kinds, not a mean
def best_discriminator(p, q):
    here = p + q > 0
    P, Q = p[here], q[here]
    log_m = ((P + Q) / 2).log()
    d = torch.full_like(p, 0.5).masked_scatter(here, P / (P + Q))
    return d, (F.kl_div(log_m, P) + F.kl_div(log_m, Q)) / 2


# %% wrong: leaves the kinds that never occur out of D | says: for each of the K kinds
def best_discriminator(p, q):
    occurs = (p + q) > 0
    p, q = p[occurs], q[occurs]
    m = (p + q) / 2
    return p / (p + q), 0.5 * (torch.xlogy(p, p / m) + torch.xlogy(q, q / m)).sum()


# %% wrong: m is constant in one of the two divergences | says: in KL(p || m) it is held
def best_discriminator(p, q):
    total = p + q
    d = torch.where(total > 0, p / total, torch.full_like(p, 0.5))
    m = torch.where(total > 0, total / 2, torch.ones_like(total))
    jsd = 0.5 * torch.xlogy(p, p / m.detach()).sum() + 0.5 * torch.xlogy(q, q / m).sum()
    return d, jsd
