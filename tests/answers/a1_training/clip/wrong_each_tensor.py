# says: each tensor by its own length
def clip_gradients(gradients, largest):
    length = sum((g**2).sum().item() for g in gradients if g is not None) ** 0.5
    clipped = []
    for g in gradients:
        own = None if g is None else g.norm().item()
        clipped.append(g if g is None or own <= largest else g * largest / own)
    return clipped, length
