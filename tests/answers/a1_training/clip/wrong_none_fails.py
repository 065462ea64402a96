# says: TypeError
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    factor = largest / length if length > largest else 1.0
    return [factor * g for g in gradients], length
