# says: the gap of a bin is absolute
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    return (confidence.mean() - (answer == y).double().mean()).abs().item()
