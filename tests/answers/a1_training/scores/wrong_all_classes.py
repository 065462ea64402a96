# says: a class that occurs nowhere is left out
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), f1.mean().item()
