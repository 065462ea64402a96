# says: an empty bin counts nothing
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    right = (answer == y).double()
    which = (confidence * bins).long().clamp_max(bins - 1)
    error = 0.0
    for b in range(bins):
        inside = which == b
        gap = (confidence[inside].mean() - right[inside].mean()).abs().item()
        error += inside.double().mean().item() * gap
    return error
