def clip_gradients(gradients, largest):
    total = 0.0
    for g in gradients:
        if g is not None:
            for number in g.flatten().tolist():
                total += number * number
    length = math.sqrt(total)
    clipped = []
    for g in gradients:
        if g is not None:
            g = g.clone()
            if length > largest:
                g.mul_(largest).div_(length)
        clipped.append(g)
    return clipped, length
