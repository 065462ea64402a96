# says: this is a straight line
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return peak + (lowest - peak) * (step - W) / (N - W)
