# says: exactly 1 belongs to the last bin
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    gaps = torch.bincount((confidence * bins).long(), confidence - (answer == y).double())
    return gaps.abs().sum().item() / len(y)
