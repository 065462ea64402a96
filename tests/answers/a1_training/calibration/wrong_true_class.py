# says: not of the true one
def calibration_error(logits, y, bins=10, T=1.0):
    p = (logits / T).softmax(1)
    confidence, right = p[torch.arange(len(y)), y], p.argmax(1) == y
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - right.double(), bins)
    return gaps.abs().sum().item() / len(y)
