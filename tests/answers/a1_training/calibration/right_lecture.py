def calibration_error(logits, y, bins=10, T=1.0):
    p = torch.softmax(logits / T, dim=1)
    confidence, answer = p.max(dim=1)
    which = (confidence * bins).long().clamp(0, bins - 1)
    gaps = torch.bincount(which, confidence - (answer == y).double(), bins)
    return gaps.abs().sum().item() / len(y)
