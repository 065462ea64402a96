# says: step 0 has one W-th of the peak already
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * step / W
    if step >= N:
        return lowest
    return lowest + (peak - lowest) * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))
