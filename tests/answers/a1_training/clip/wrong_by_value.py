# says: each number by itself
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    return [None if g is None else g.clamp(-largest, largest) for g in gradients], length
