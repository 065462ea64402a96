# says: not as their mean
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    precision, recall = right / called.clamp_min(1), right / are.clamp_min(1)
    macro = ((precision + recall) / 2)[called + are > 0].mean().item()
    return counts, precision, recall, macro
