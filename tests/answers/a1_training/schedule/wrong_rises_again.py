# says: the wave must not rise again
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    t = (step - W) / max(1, N - W)
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * t))
