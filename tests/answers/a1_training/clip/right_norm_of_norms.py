def clip_gradients(gradients, largest):
    norms = torch.tensor([0.0 if g is None else g.norm().item() for g in gradients])
    length = norms.double().norm().item()
    if length <= largest:
        return list(gradients), length
    return [g if g is None else g * (largest / length) for g in gradients], length
