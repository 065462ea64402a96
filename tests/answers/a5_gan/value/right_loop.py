def value(logit, is_real):
    on_real, on_fake = [], []
    for a, real in zip(logit, is_real, strict=True):
        if real:
            on_real.append(-F.softplus(-a))
        else:
            on_fake.append(-F.softplus(a))
    return torch.stack(on_real).mean() + torch.stack(on_fake).mean()
