def calibration_error(logits, y, bins=10, T=1.0):
    groups = [[] for _ in range(bins)]
    for z, label in zip(logits / T, y.tolist(), strict=False):
        p = z.softmax(0)
        best = int(p.argmax())
        c = p[best].item()
        groups[min(int(c * bins), bins - 1)].append((c, best == label))
    error = 0.0
    for group in groups:
        if group:
            mean = sum(c for c, _ in group) / len(group)
            share = sum(r for _, r in group) / len(group)
            error += len(group) / len(y) * abs(mean - share)
    return error
