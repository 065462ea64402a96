# says: .item()
def clip_gradients(gradients, largest):
    length = torch.cat([g.flatten() for g in gradients if g is not None]).norm()
    factor = min(1.0, (largest / length).item())
    return [None if g is None else factor * g for g in gradients], length
