# says: not from lowest
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return lowest + (peak - lowest) * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))
