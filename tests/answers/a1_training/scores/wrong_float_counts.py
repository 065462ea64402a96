# says: dtype torch.int64
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C).double()
    right, called, are = counts.diag(), counts.sum(0), counts.sum(1)
    f1 = 2 * right / (called + are).clamp_min(1)
    macro = f1[called + are > 0].mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), macro
