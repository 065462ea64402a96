# says: rows are the true classes
def scores(y, predicted, C):
    counts = torch.bincount(C * predicted + y, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(1), counts.sum(0)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro
