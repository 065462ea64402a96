# says: F1 class by class
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    precision, recall = right / called.clamp_min(1), right / are.clamp_min(1)
    p, r = precision.mean().item(), recall.mean().item()
    return counts, precision, recall, 2 * p * r / (p + r)
