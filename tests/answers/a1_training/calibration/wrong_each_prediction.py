# says: the means of a bin first
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    return (confidence - (answer == y).double()).abs().mean().item()
