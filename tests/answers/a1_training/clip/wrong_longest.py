# says: this is the longest tensor
def clip_gradients(gradients, largest):
    length = max(g.norm().item() for g in gradients if g is not None)
    factor = largest / length if length > largest else 1.0
    return [None if g is None else factor * g for g in gradients], length
