# says: Expected: 0.
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = logits.softmax(1).max(1)
    confidence = (confidence / T).clamp_max(1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - (answer == y).double(), bins)
    return gaps.abs().sum().item() / len(y)
