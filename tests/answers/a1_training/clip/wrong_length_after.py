# says: the length before clipping
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    factor = largest / length if length > largest else 1.0
    return [None if g is None else factor * g for g in gradients], factor * length
