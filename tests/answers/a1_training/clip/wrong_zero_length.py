# says: divides by a length of 0
def clip_gradients(gradients, largest):
    length = sum((g**2).sum() for g in gradients if g is not None).sqrt()
    factor = (largest / length).clamp_max(1.0)
    factor = torch.where(length == 0, length / length, factor)
    return [None if g is None else factor * g for g in gradients], length.item()
