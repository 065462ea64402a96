# says: the number of bins is given
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    which = (confidence * 10).long().clamp(0, 9)
    gaps = torch.bincount(which, confidence - (answer == y).double(), 10)
    return gaps.abs().sum().item() / len(y)
