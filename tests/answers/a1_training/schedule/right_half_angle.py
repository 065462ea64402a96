def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return (step + 1) / W * peak
    t = min(1, (step - W) / max(1, N - W))
    if step >= N:
        t = 1
    c = math.cos(0.5 * math.pi * t) ** 2
    return c * peak + (1 - c) * lowest
