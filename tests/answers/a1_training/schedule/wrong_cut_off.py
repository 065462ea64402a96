# says: the wave falls to lowest, not to 0
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return max(lowest, peak * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W))))
