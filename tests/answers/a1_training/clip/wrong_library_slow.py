# says: by hand
def clip_gradients(gradients, largest):
    there = [nn.Parameter(g.clone()) for g in gradients if g is not None]
    for p in there:
        p.grad = p.detach().clone()
    length = float(nn.utils.clip_grad_norm_(there, largest, foreach=False))
    clipped = iter(there)
    return [None if g is None else next(clipped).grad for g in gradients], length
