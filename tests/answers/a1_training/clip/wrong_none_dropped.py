# says: a None keeps its place
def clip_gradients(gradients, largest):
    gradients = [g for g in gradients if g is not None]
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    factor = largest / length if length > largest else 1.0
    return [factor * g for g in gradients], length
