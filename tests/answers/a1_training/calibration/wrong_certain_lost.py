# says: exactly 1 belongs to the last bin
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    right = (answer == y).double()
    error = 0.0
    for b in range(bins):
        inside = (confidence >= b / bins) & (confidence < (b + 1) / bins)
        if inside.any():
            gap = (confidence[inside].mean() - right[inside].mean()).abs().item()
            error += inside.double().mean().item() * gap
    return error
