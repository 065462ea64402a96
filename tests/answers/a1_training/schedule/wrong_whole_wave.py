# says: an angle from 0 to pi
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(2 * math.pi * (step - W) / (N - W)))
