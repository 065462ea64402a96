# says: only what is rightly called c counts
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right = counts.diag().double() / len(y)
    return counts, right, right, right.mean().item()
