# says: not at N - 1
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    t = (step - W) / max(1, N - 1 - W)
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * t))
