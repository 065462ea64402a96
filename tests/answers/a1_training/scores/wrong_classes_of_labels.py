# says: a class that is predicted though it never occurs
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[are > 0].mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro
