# says: not per cent
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - (answer == y).double(), bins)
    return 100 * gaps.abs().sum().item() / len(y)
