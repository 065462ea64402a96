def clip_gradients(gradients, largest):
    flat = torch.cat([g.reshape(-1) for g in gradients if g is not None])
    length = math.sqrt(torch.dot(flat, flat).item())
    factor = min(1.0, largest / (length + 1e-12))
    return tuple(None if g is None else factor * g for g in gradients), length
