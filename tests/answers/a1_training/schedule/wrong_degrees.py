# says: Expected: 0.45
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(180 * (step - W) / (N - W)))
