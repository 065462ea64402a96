# says: this is the accuracy
def scores(y, predicted, C):
    counts = torch.bincount(C * y + predicted, minlength=C * C).view(C, C)
    right, called, are = counts.diag().double(), counts.sum(0), counts.sum(1)
    share = (y == predicted).double().mean().item()
    return counts, right / called.clamp_min(1), right / are.clamp_min(1), share
