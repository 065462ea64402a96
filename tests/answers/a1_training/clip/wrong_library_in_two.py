# says: by hand
def clip_gradients(gradients, largest):
    given = [None if g is None else nn.Parameter(torch.zeros_like(g)) for g in gradients]
    there = [p for p in given if p is not None]
    for p, g in zip(given, gradients, strict=True):
        if p is not None:
            p.grad = g.clone()
    length = nn.utils.get_total_norm([p.grad for p in there])
    nn.utils.clip_grads_with_norm_(there, largest, length)
    return [None if p is None else p.grad for p in given], length.item()
