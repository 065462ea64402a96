# says: each bin counts by how many
def calibration_error(logits, y, bins=10, T=1.0):
    confidence, answer = (logits / T).softmax(1).max(1)
    right = (answer == y).double()
    which = (confidence * bins).long().clamp_max(bins - 1)
    gaps = [abs(confidence[which == b].mean() - right[which == b].mean()) for b in which.unique()]
    return (sum(gaps) / len(gaps)).item()
