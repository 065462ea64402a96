# says: precision divides by all called c
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean().item()
    return counts, right / are.clamp_min(1), right / called.clamp_min(1), macro
