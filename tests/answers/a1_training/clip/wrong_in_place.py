# says: an operation in place
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    for g in gradients:
        if g is not None and length > largest:
            g.mul_(largest / length)
    return gradients, length
