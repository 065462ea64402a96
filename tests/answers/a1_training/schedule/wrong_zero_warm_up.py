# says: ZeroDivisionError
def learning_rate(step, N, W, peak, lowest=0.0):
    warm = peak * (step + 1) / W
    if step >= N:
        return lowest
    fall = lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))
    return warm if step < W else fall
