# says: a None stays None
def clip_gradients(gradients, largest):
    gradients = [torch.zeros(1) if g is None else g for g in gradients]
    length = sum((g**2).sum().item() for g in gradients) ** 0.5
    factor = largest / length if length > largest else 1.0
    return [factor * g for g in gradients], length
